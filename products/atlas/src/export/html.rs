//! A page that needs nothing else: the three layers, links with their evidence, what could not be
//! placed. Written by `portolan discover --once --out map.html`.

use std::collections::HashMap;
use std::fmt::Write;

use uuid::Uuid;

use super::{Picture, address_list, escape, svg};
use crate::map::{Layer, Link, Map, Node, NodeKind};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The whole map as one page. The content policy forbids it to load or send anything.
pub fn html(map: &Map, title: &str) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let _ = write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\
         <title>{0}</title><style>{STYLE}</style></head><body><header><h1>{0}</h1><p>{1} · {2} devices · {3} not placed</p></header><main>",
        escape(title),
        map.generated_at.format("%Y-%m-%d %H:%M:%S UTC"),
        map.entities.len(),
        map.unplaced.len(),
    );
    layers(map, title, &mut out);
    let nodes: HashMap<Uuid, &Node> = map.nodes.iter().map(|node| (node.id, node)).collect();
    devices(map, &mut out);
    links(map, &nodes, &mut out);
    unplaced(map, &mut out);
    let _ = writeln!(out, "</main><script>{SCRIPT}</script></body></html>");
    out
}

fn layers(map: &Map, title: &str, out: &mut String) {
    out.push_str("<div class=\"tabs\">");
    for layer in Layer::ALL {
        let checked = if layer == Layer::L1 { " checked" } else { "" };
        let (id, label) = match layer {
            Layer::L1 => ("l1", "Cables"),
            Layer::L2 => ("l2", "Layer 2"),
            Layer::L3 => ("l3", "Layer 3"),
        };
        let _ = write!(
            out,
            "<input type=\"radio\" name=\"layer\" id=\"tab-{id}\" value=\"{id}\"{checked}><label for=\"tab-{id}\">{label}</label>"
        );
    }
    out.push_str("<span class=\"hint\">drag to pan, wheel to zoom, double click to fit</span>");
    for layer in Layer::ALL {
        let topology = map.topology(layer, 0);
        let picture = Picture { topology: &topology, title };
        let (left, top, width, height) = svg::frame(&picture);
        let _ = write!(
            out,
            "<svg class=\"map {0}\" viewBox=\"{left:.1} {top:.1} {width:.1} {height:.1}\" font-family=\"system-ui, sans-serif\" role=\"img\" aria-label=\"Map, {0}\">",
            layer.as_str()
        );
        let mut drawing = String::new();
        svg::content(&picture, &mut drawing);
        // Element ids are unique in a page.
        for name in ["links", "nodes", "legend"] {
            drawing = drawing.replace(&format!("<g id=\"{name}\">"), &format!("<g class=\"{name}\">"));
        }
        out.push_str(&drawing);
        out.push_str("</svg>");
    }
    out.push_str("</div>");
}

fn devices(map: &Map, out: &mut String) {
    let _ = write!(
        out,
        "<h2 id=\"devices\">Devices ({})</h2><table><thead><tr><th>Name<th>Role<th>Addresses<th>Vendor, model<th>Place</tr></thead><tbody>",
        map.entities.len()
    );
    let mut nodes: Vec<&Node> = map.nodes.iter().filter(|node| node.kind == NodeKind::Device).collect();
    nodes.sort_by(|x, y| x.name.cmp(&y.name).then(x.id.cmp(&y.id)));
    for node in nodes {
        let made = [node.vendor.as_deref(), node.model.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td class=\"code\">{}<td>{}<td>{}</tr>",
            escape(&node.name),
            node.role.as_str(),
            escape(&address_list(node, 6)),
            escape(&made),
            escape(node.site.as_deref().unwrap_or(""))
        );
    }
    out.push_str("</tbody></table>");
}

fn links(map: &Map, nodes: &HashMap<Uuid, &Node>, out: &mut String) {
    let _ = write!(
        out,
        "<h2 id=\"links\">Links ({})</h2><table><thead><tr><th>Layer<th>Kind<th>From<th>To<th>State<th>Confidence<th>Evidence</tr></thead><tbody>",
        map.links.len()
    );
    for link in map.links.iter() {
        let state = if link.blocked {
            format!("{}, blocked", link.state.as_str())
        } else {
            link.state.as_str().to_owned()
        };
        let _ = write!(
            out,
            "<tr data-layer=\"{0}\"><td>{0}<td>{1}<td>{2}<td>{3}<td>{4}<td>{5:.0} % {6}<td>{7}</tr>",
            link.layer.as_str(),
            link.kind.as_str(),
            end(&link.a, nodes),
            end(&link.b, nodes),
            state,
            link.confidence * 100.0,
            link.grade.as_str(),
            evidence(link)
        );
    }
    out.push_str("</tbody></table>");
}

fn end(end: &crate::map::End, nodes: &HashMap<Uuid, &Node>) -> String {
    let name = nodes.get(&end.device).map_or("", |node| node.name.as_str());
    match &end.interface {
        Some(interface) => format!("{} <b>{}</b>", escape(name), escape(interface)),
        None => escape(name),
    }
}

fn evidence(link: &Link) -> String {
    let mut out = String::from("<details><summary>");
    let mut methods: Vec<&str> = link.evidence.iter().map(|evidence| evidence.method.as_str()).collect();
    methods.dedup();
    let _ = write!(out, "{}</summary><ul>", escape(&methods.join(", ")));
    for evidence in &link.evidence {
        let _ = write!(
            out,
            "<li>{} <span class=\"code\">{}</span> {}",
            escape(&evidence.detail),
            escape(&evidence.source),
            evidence.seen_at.format("%H:%M:%S")
        );
    }
    for note in &link.contradictions {
        let _ = write!(out, "<li class=\"against\">{}: {}", escape(&note.code), escape(&note.text));
    }
    out.push_str("</ul></details>");
    out
}

fn unplaced(map: &Map, out: &mut String) {
    let _ = write!(out, "<h2 id=\"unplaced\">Not placed ({})</h2>", map.unplaced.len());
    if map.unplaced.is_empty() {
        out.push_str("<p>Everything that was read has its place.</p>");
        return;
    }
    out.push_str("<table><thead><tr><th>What<th>Seen at<th>Reason<th>What to do</tr></thead><tbody>");
    for entry in &map.unplaced {
        let place = entry
            .seen_on
            .as_ref()
            .map_or_else(String::new, |on| format!("{} {}", on.name, on.interface.as_deref().unwrap_or("")));
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td><span class=\"code\">{}</span> {}<td>{}</tr>",
            escape(&entry.text),
            escape(&place),
            entry.reason.code.as_str(),
            escape(&entry.reason.text),
            escape(&entry.reason.remedy)
        );
    }
    out.push_str("</tbody></table>");
}
