//! The marks of the map grammar: shape by role, badge by status, stroke by link kind and state.
//! Nothing is told by colour alone.

use std::fmt::Write;

use crate::map::{Freshness, Layer, Link, LinkKind, LinkState, Node, NodeKind, Role, Status};

/// Light theme tokens.
pub(crate) mod token {
    pub(crate) const SURFACE: &str = "#FFFFFF";
    pub(crate) const RAISED: &str = "#F4F6F8";
    pub(crate) const TEXT: &str = "#1A222B";
    pub(crate) const MUTED: &str = "#55616F";
    pub(crate) const ACCENT: &str = "#0B63B0";
    pub(crate) const OK: &str = "#247957";
    pub(crate) const WARNING: &str = "#9C5B01";
    pub(crate) const CRITICAL: &str = "#950E24";
    pub(crate) const UNKNOWN: &str = "#424959";
    pub(crate) const FILL: &str = "#E2EDF7";
}

fn status_colour(status: Status) -> &'static str {
    match status {
        Status::Ok => token::OK,
        Status::Warning => token::WARNING,
        Status::Critical => token::CRITICAL,
        Status::Unknown => token::UNKNOWN,
    }
}

/// The outline of a role around (0, 0), as an element without fill and stroke attributes closed.
fn outline(role: Role, radius: f64, style: &str) -> String {
    let r = radius;
    match role {
        Role::Router => format!("<circle r=\"{r}\" {style}/>"),
        Role::L3Switch => format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" {style}/><circle r=\"{:.1}\" {style}/>",
            -r,
            -r,
            2.0 * r,
            2.0 * r,
            r * 0.82
        ),
        Role::Switch => {
            format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" {style}/>",
                -r,
                -r,
                2.0 * r,
                2.0 * r
            )
        }
        Role::Ap => {
            format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"9\" {style}/>",
                -r,
                -r,
                2.0 * r,
                2.0 * r
            )
        }
        Role::Firewall => {
            let (h, q) = (r, r / 2.0);
            format!(
                "<path d=\"M{:.1},{:.1} L{:.1},{:.1} L{h},0 L{q},{:.1} L{:.1},{:.1} L{:.1},0 Z\" {style}/>",
                -q,
                -r * 0.87,
                q,
                -r * 0.87,
                r * 0.87,
                -q,
                r * 0.87,
                -h
            )
        }
        Role::Host | Role::Phone => {
            let w = if role == Role::Phone { r * 0.55 } else { r * 0.75 };
            format!(
                "<rect x=\"{:.1}\" y=\"{}\" width=\"{:.1}\" height=\"{}\" rx=\"3\" {style}/>",
                -w,
                -r,
                2.0 * w,
                2.0 * r
            )
        }
        Role::Segment => format!(
            "<rect x=\"{}\" y=\"-5\" width=\"{}\" height=\"10\" rx=\"5\" {style}/>",
            -r * 1.4,
            r * 2.8
        ),
        Role::Unknown => format!("<circle r=\"{r}\" {style}/>"),
    }
}

/// The sign inside the outline, 24-pixel strokes of our own.
fn sign(role: Role) -> &'static str {
    match role {
        Role::Router => {
            "M-9,-9 L-3,-3 M-3,-7 V-3 H-7 M9,9 L3,3 M3,7 V3 H7 M9,-9 L4,-4 M5,-9 H9 V-5 M-9,9 L-4,4 M-5,9 H-9 V5"
        }
        Role::L3Switch | Role::Switch => "M-9,-4 H8 M4,-8 L8,-4 L4,0 M9,5 H-8 M-4,1 L-8,5 L-4,9",
        Role::Firewall => "M-9,-6 H9 M-9,0 H9 M-9,6 H9 M0,-6 V0 M-5,0 V6 M5,0 V6",
        Role::Host => "M-6,-7 H6 M-6,-2 H6 M-6,3 H6 M-1,9 H1",
        Role::Ap => "M0,3 V9 M-3,-1 A4,4 0 0 1 3,-1 M-6,-4 A8,8 0 0 1 6,-4",
        Role::Phone => "M-4,-8 H4 M-2,8 H2",
        Role::Segment | Role::Unknown => "",
    }
}

/// Radius by degree.
pub(crate) fn radius(node: &Node) -> f64 {
    match node.kind {
        NodeKind::Segment => 12.0,
        _ => (15.0 + f64::from(node.degree.max(1)).log2() * 1.5).min(24.0),
    }
}

fn badge(status: Status, at: f64) -> String {
    let colour = status_colour(status);
    let shape = match status {
        Status::Ok => format!(
            "<circle r=\"6\" fill=\"{colour}\"/><path d=\"M-3,0 L-1,2.5 L3,-2.5\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.5\"/>"
        ),
        Status::Warning => format!(
            "<path d=\"M0,-7 L7,6 L-7,6 Z\" fill=\"{colour}\"/><path d=\"M0,-3 V2 M0,4 V5\" stroke=\"#fff\" stroke-width=\"1.5\"/>"
        ),
        Status::Critical => format!(
            "<path d=\"M-3,-7 H3 L7,-3 V3 L3,7 H-3 L-7,3 V-3 Z\" fill=\"{colour}\"/><path d=\"M-3,-3 L3,3 M3,-3 L-3,3\" stroke=\"#fff\" stroke-width=\"1.5\"/>"
        ),
        Status::Unknown => format!(
            "<circle r=\"6\" fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"1.5\"/><text y=\"3.5\" font-size=\"9\" text-anchor=\"middle\" fill=\"{colour}\">?</text>"
        ),
    };
    format!("<g transform=\"translate({at:.1},{:.1})\">{shape}</g>", -at)
}

/// A node with its label, around (0, 0).
pub(crate) fn node(node: &Node, out: &mut String) {
    let r = radius(node);
    let known = node.kind == NodeKind::Device;
    let dash = if known { "" } else { " stroke-dasharray=\"4 3\"" };
    let fill = if known { token::FILL } else { token::RAISED };
    let stroke = if known { token::ACCENT } else { token::MUTED };
    let style = format!("fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.5\"{dash}");
    let faded = if node.state == Freshness::Fresh { "" } else { " opacity=\"0.6\"" };
    let _ = write!(out, "<g{faded}>{}", outline(node.role, r, &style));
    let sign = sign(node.role);
    if sign.is_empty() {
        if node.kind != NodeKind::Segment {
            let _ = write!(
                out,
                "<text y=\"5\" font-size=\"14\" text-anchor=\"middle\" fill=\"{stroke}\">?</text>"
            );
        }
    } else {
        let _ = write!(
            out,
            "<path d=\"{sign}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
        );
    }
    if known && node.status != Status::Ok {
        out.push_str(&badge(node.status, r * 0.8));
    }
    out.push_str("</g>");
    let name: String = node.name.chars().take(40).collect();
    let (size, y) = if node.kind == NodeKind::Segment { (10, 18.0) } else { (12, r + 14.0) };
    let _ = write!(
        out,
        "<text y=\"{y:.1}\" font-size=\"{size}\" text-anchor=\"middle\" fill=\"{}\" stroke=\"{}\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
        token::TEXT,
        token::SURFACE,
        super::escape(&name)
    );
}

/// The stroke of a link: colour, width, dashes, opacity.
pub(crate) fn stroke(link: &Link) -> String {
    let (width, dash) = match (link.layer, link.kind) {
        (Layer::L1, LinkKind::Cable) => (2.0, ""),
        (_, LinkKind::Lag) => (5.0, ""),
        (_, LinkKind::Bgp) => (1.5, "8 3 2 3"),
        (Layer::L3, LinkKind::Segment) => (1.2, ""),
        (Layer::L3, _) => (1.5, "8 4"),
        _ => (1.2, ""),
    };
    let (colour, dash, opacity) = match link.state {
        LinkState::Up => (token::MUTED, dash, "1"),
        LinkState::Down => (token::CRITICAL, dash, "1"),
        LinkState::Stale => (token::UNKNOWN, "1 3", "0.6"),
        LinkState::Gone => (token::UNKNOWN, "2 6", "0.4"),
    };
    let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
    format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"{dash} opacity=\"{opacity}\"")
}

/// What the marks mean, for those that occur.
pub(crate) fn legend(nodes: &[Node], links: &[Link]) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    let roles = [
        (Role::Router, "router"),
        (Role::L3Switch, "L3 switch"),
        (Role::Switch, "switch"),
        (Role::Firewall, "firewall"),
        (Role::Ap, "access point"),
        (Role::Host, "host"),
        (Role::Phone, "telephone"),
        (Role::Segment, "shared medium or subnet"),
        (Role::Unknown, "unknown"),
    ];
    let style = format!("fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"", token::FILL, token::ACCENT);
    for (role, text) in roles {
        if nodes.iter().any(|node| node.role == role) {
            let sign = format!(
                "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" transform=\"scale(0.6)\"/>",
                sign(role),
                token::ACCENT
            );
            rows.push((format!("{}{sign}", outline(role, 8.0, &style)), text.to_owned()));
        }
    }
    if nodes.iter().any(|node| node.kind == NodeKind::Stub) {
        let dashed =
            format!("fill=\"{}\" stroke=\"{}\" stroke-dasharray=\"4 3\"", token::RAISED, token::MUTED);
        rows.push((outline(Role::Unknown, 8.0, &dashed), "announced, never asked".to_owned()));
    }
    let mut line = |found: Option<&Link>, text: &str| {
        if let Some(link) = found {
            rows.push((format!("<path d=\"M-12,0 H12\" {}/>", stroke(link)), text.to_owned()));
        }
    };
    let up = |link: &&Link| link.state == LinkState::Up;
    for (kind, text) in [
        (LinkKind::Cable, "cable"),
        (LinkKind::Lag, "link aggregation"),
        (LinkKind::Segment, "member of a shared medium"),
        (LinkKind::Subnet, "shared subnet"),
        (LinkKind::Ospf, "OSPF"),
        (LinkKind::Ospf3, "OSPFv3"),
        (LinkKind::Isis, "IS-IS"),
        (LinkKind::Bgp, "BGP"),
    ] {
        line(links.iter().filter(up).find(|link| link.kind == kind), text);
    }
    for (state, text) in
        [(LinkState::Down, "down (x)"), (LinkState::Stale, "no fresh answer"), (LinkState::Gone, "gone")]
    {
        line(links.iter().find(|link| link.state == state), text);
    }
    if links.iter().any(|link| link.blocked) {
        rows.push((
            format!(
                "<path d=\"M-12,0 H12 M4,-5 V5 M7,-5 V5\" stroke=\"{}\" fill=\"none\" stroke-width=\"1.5\"/>",
                token::MUTED
            ),
            "blocked by spanning tree".to_owned(),
        ));
    }
    rows
}
