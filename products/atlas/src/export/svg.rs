//! The map as a self-contained SVG.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use uuid::Uuid;

use super::{Picture, escape, marks};
use crate::map::{Link, LinkKind, LinkState, Node};
use marks::token;

/// Room around the nodes.
const MARGIN: f64 = 70.0;
/// Height of the heading.
const HEAD: f64 = 64.0;
/// Height of a row of the legend.
const ROW: f64 = 24.0;
/// Above this many links, interface names would cover the picture.
const NAMED_LINKS: usize = 250;

/// Left, top, width and height of what is drawn, heading and legend included.
pub(crate) fn frame(picture: &Picture<'_>) -> (f64, f64, f64, f64) {
    let nodes = &picture.topology.nodes;
    let fold = |pick: fn(&Node) -> f64| {
        nodes.iter().map(pick).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
    };
    let ((left, right), (top, bottom)) =
        if nodes.is_empty() { ((0.0, 400.0), (0.0, 100.0)) } else { (fold(|n| n.x), fold(|n| n.y)) };
    let rows = marks::legend(nodes, &picture.topology.links).len() as f64;
    let width = (right - left + 2.0 * MARGIN).max(560.0);
    let columns = (width / 220.0).floor().max(1.0);
    let foot = (rows / columns).ceil() * ROW + 24.0;
    (left - MARGIN, top - MARGIN - HEAD, width, bottom - top + 2.0 * MARGIN + HEAD + foot)
}

/// Draws one layer. `parts` only: the content of an `<svg>` element whose view box is [`frame`].
pub(crate) fn content(picture: &Picture<'_>, out: &mut String) {
    let (left, top, width, height) = frame(picture);
    let topology = picture.topology;
    let _ = write!(
        out,
        "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{}\"/>",
        token::SURFACE
    );
    heading(picture, left, top, out);
    let nodes = picture.nodes();
    out.push_str("<g id=\"links\">");
    links(&topology.links, &nodes, out);
    out.push_str("</g><g id=\"nodes\">");
    for node in &topology.nodes {
        let title = format!("{} ({}) {}", node.name, node.role.as_str(), super::address_list(node, 3));
        let _ = write!(
            out,
            "<g transform=\"translate({:.1},{:.1})\" data-id=\"{}\"><title>{}</title>",
            node.x,
            node.y,
            node.id,
            escape(&title)
        );
        marks::node(node, out);
        out.push_str("</g>");
    }
    out.push_str("</g>");
    legend(picture, (left, top, width, height), out);
}

fn heading(picture: &Picture<'_>, left: f64, top: f64, out: &mut String) {
    let topology = picture.topology;
    let (x, y) = (left + 20.0, top + 32.0);
    let count = format!(
        "Layer {} · {} · {} nodes, {} links",
        topology.layer.as_str().trim_start_matches('l'),
        topology.generated_at.format("%Y-%m-%d %H:%M UTC"),
        topology.nodes.len(),
        topology.links.iter().filter(|link| link.state != LinkState::Gone).count()
    );
    let _ = write!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"20\" font-weight=\"bold\" fill=\"{}\">{}</text><text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"12\" fill=\"{}\">{}</text>",
        token::TEXT,
        escape(picture.title),
        y + 20.0,
        token::MUTED,
        escape(&count)
    );
}

fn legend(picture: &Picture<'_>, (left, top, width, height): (f64, f64, f64, f64), out: &mut String) {
    let rows = marks::legend(&picture.topology.nodes, &picture.topology.links);
    let columns = (width / 220.0).floor().max(1.0) as usize;
    let lines = rows.len().div_ceil(columns);
    let start = top + height - lines as f64 * ROW - 8.0;
    out.push_str("<g id=\"legend\">");
    for (at, (mark, text)) in rows.iter().enumerate() {
        let x = left + 30.0 + (at % columns) as f64 * 220.0;
        let y = start + (at / columns) as f64 * ROW;
        let _ = write!(
            out,
            "<g transform=\"translate({x:.1},{y:.1})\">{mark}<text x=\"22\" y=\"4\" font-size=\"11\" fill=\"{}\">{}</text></g>",
            token::MUTED,
            escape(text)
        );
    }
    out.push_str("</g>");
}

fn links(links: &[Link], nodes: &HashMap<Uuid, &Node>, out: &mut String) {
    let mut between: BTreeMap<(Uuid, Uuid), Vec<&Link>> = BTreeMap::new();
    for link in links {
        let pair = (link.a.device.min(link.b.device), link.a.device.max(link.b.device));
        between.entry(pair).or_default().push(link);
    }
    for ((low, high), list) in between {
        let (Some(from), Some(to)) = (nodes.get(&low), nodes.get(&high)) else { continue };
        for (at, link) in list.iter().enumerate() {
            // Parallel links fan out.
            let offset = (at as f64 - (list.len() - 1) as f64 / 2.0) * 26.0;
            draw(link, from, to, offset, links.len() <= NAMED_LINKS, out);
        }
    }
}

fn draw(link: &Link, from: &Node, to: &Node, offset: f64, named: bool, out: &mut String) {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let (mx, my) = (f64::midpoint(from.x, to.x) - uy * offset, f64::midpoint(from.y, to.y) + ux * offset);
    // The control point of a quadratic curve through the shifted middle.
    let (cx, cy) = (2.0 * mx - f64::midpoint(from.x, to.x), 2.0 * my - f64::midpoint(from.y, to.y));
    let path = if offset.abs() < 0.5 {
        format!("M{:.1},{:.1} L{:.1},{:.1}", from.x, from.y, to.x, to.y)
    } else {
        format!("M{:.1},{:.1} Q{cx:.1},{cy:.1} {:.1},{:.1}", from.x, from.y, to.x, to.y)
    };
    let names = |end: &crate::map::End| end.interface.clone().unwrap_or_default();
    let (near, far) = if link.a.device == from.id { (&link.a, &link.b) } else { (&link.b, &link.a) };
    let title = format!(
        "{}:{} - {}:{} {} {} {:.0} %",
        from.name,
        names(near),
        to.name,
        names(far),
        link.kind.as_str(),
        link.state.as_str(),
        link.confidence * 100.0
    );
    let _ = write!(
        out,
        "<g data-id=\"{}\"><title>{}</title><path d=\"{path}\" {}/>",
        link.id,
        escape(&title),
        marks::stroke(link)
    );
    if link.kind == LinkKind::Lag {
        // Two parallel lines: the middle of the broad one is cut out.
        let _ = write!(
            out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
            token::SURFACE
        );
    }
    let angle = uy.atan2(ux).to_degrees();
    if link.blocked {
        let _ = write!(
            out,
            "<path transform=\"translate({mx:.1},{my:.1}) rotate({angle:.1})\" d=\"M-2,-7 V7 M2,-7 V7\" stroke=\"{}\" stroke-width=\"1.5\"/>",
            token::MUTED
        );
    }
    if link.state == LinkState::Down {
        let _ = write!(
            out,
            "<path transform=\"translate({mx:.1},{my:.1})\" d=\"M-5,-5 L5,5 M5,-5 L-5,5\" stroke=\"{}\" stroke-width=\"2.5\"/>",
            token::CRITICAL
        );
    }
    if named {
        for (end, node, sign) in [(near, from, 1.0), (far, to, -1.0)] {
            let Some(name) = &end.interface else { continue };
            let away = (marks::radius(node) + 22.0).min(length / 2.2);
            let share = (away / length).min(0.5) * 2.0;
            let (x, y) = (
                node.x + sign * ux * away - uy * offset * share,
                node.y + sign * uy * away + ux * offset * share,
            );
            let _ = write!(
                out,
                "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"9\" text-anchor=\"middle\" fill=\"{}\" stroke=\"{}\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
                y + 3.0,
                token::MUTED,
                token::SURFACE,
                escape(name)
            );
        }
    }
    out.push_str("</g>");
}

/// One layer as an SVG file: title, time, marks, legend; no outside reference.
pub fn svg(picture: &Picture<'_>) -> String {
    let (left, top, width, height) = frame(picture);
    let mut out = String::with_capacity(4096 + picture.topology.nodes.len() * 600);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left:.1} {top:.1} {width:.1} {height:.1}\" width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" role=\"img\"><title>{}</title>",
        escape(picture.title)
    );
    content(picture, &mut out);
    out.push_str("</svg>\n");
    out
}
