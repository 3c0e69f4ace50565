//! draw.io (diagrams.net) XML: an uncompressed `mxfile`, editable.

use std::fmt::Write;

use super::{Picture, address_list, escape, marks};
use crate::map::{Link, LinkKind, LinkState, Node, NodeKind, Role};

fn style(node: &Node) -> &'static str {
    match (node.kind, node.role) {
        (NodeKind::Segment, _) => {
            "rounded=1;arcSize=50;html=1;fillColor=#F4F6F8;strokeColor=#55616F;dashed=1;"
        }
        (NodeKind::Stub, _) => "ellipse;html=1;fillColor=#F4F6F8;strokeColor=#55616F;dashed=1;",
        (_, Role::Router) => "ellipse;html=1;fillColor=#E2EDF7;strokeColor=#0B63B0;",
        (_, Role::L3Switch) => "shape=ext;double=1;html=1;fillColor=#E2EDF7;strokeColor=#0B63B0;",
        (_, Role::Firewall) => {
            "shape=hexagon;perimeter=hexagonPerimeter2;html=1;fillColor=#E2EDF7;strokeColor=#0B63B0;"
        }
        (_, Role::Ap) => "rounded=1;html=1;fillColor=#E2EDF7;strokeColor=#0B63B0;",
        _ => "rounded=0;html=1;fillColor=#E2EDF7;strokeColor=#0B63B0;",
    }
}

fn line(link: &Link) -> String {
    let width = if link.kind == LinkKind::Lag { 4 } else { 2 };
    let colour = if link.state == LinkState::Down { marks::token::CRITICAL } else { marks::token::MUTED };
    let dashed = u8::from(
        link.state != LinkState::Up
            || !matches!(link.kind, LinkKind::Cable | LinkKind::Lag | LinkKind::Segment),
    );
    format!("endArrow=none;html=0;strokeWidth={width};strokeColor={colour};dashed={dashed};")
}

/// Labels are HTML to draw.io: text is escaped once for HTML and once for XML.
fn label(text: &str) -> String {
    escape(&escape(text))
}

/// One layer as a draw.io file.
pub fn drawio(picture: &Picture<'_>) -> String {
    let topology = picture.topology;
    let mut out = format!(
        "<mxfile host=\"portolan\"><diagram id=\"{0}\" name=\"{1}\"><mxGraphModel grid=\"1\" gridSize=\"10\" page=\"0\"><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>\n",
        topology.layer.as_str(),
        escape(picture.title)
    );
    for node in &topology.nodes {
        let (width, height) = match node.kind {
            NodeKind::Segment => (140.0, 24.0),
            _ if node.role == Role::Router => (64.0, 64.0),
            _ => (100.0, 44.0),
        };
        let _ = writeln!(
            out,
            "<object id=\"{id}\" label=\"{text}\" role=\"{role}\" addresses=\"{addresses}\"><mxCell vertex=\"1\" parent=\"1\" style=\"{style}\"><mxGeometry x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width}\" height=\"{height}\" as=\"geometry\"/></mxCell></object>",
            id = node.id,
            text = label(&node.name),
            role = node.role.as_str(),
            addresses = escape(&address_list(node, 8)),
            style = style(node),
            x = node.x - width / 2.0,
            y = node.y - height / 2.0,
        );
    }
    for link in topology.links.iter().filter(|link| link.state != LinkState::Gone) {
        let _ = writeln!(
            out,
            "<mxCell id=\"{id}\" edge=\"1\" parent=\"1\" source=\"{a}\" target=\"{b}\" style=\"{style}\"><mxGeometry relative=\"1\" as=\"geometry\"/></mxCell>",
            id = link.id,
            a = link.a.device,
            b = link.b.device,
            style = line(link),
        );
        for (end, at, number) in [(&link.a, -0.7, 0), (&link.b, 0.7, 1)] {
            if let Some(name) = &end.interface {
                let _ = writeln!(
                    out,
                    "<mxCell id=\"{id}-{number}\" value=\"{text}\" style=\"edgeLabel;html=1;fontSize=9;\" vertex=\"1\" connectable=\"0\" parent=\"{id}\"><mxGeometry x=\"{at}\" relative=\"1\" as=\"geometry\"/></mxCell>",
                    id = link.id,
                    text = label(name),
                );
            }
        }
    }
    out.push_str("</root></mxGraphModel></diagram></mxfile>\n");
    out
}
