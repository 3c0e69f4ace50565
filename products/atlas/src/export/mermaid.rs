//! Mermaid flowchart.

use std::collections::HashMap;
use std::fmt::Write;

use super::Picture;
use crate::map::{LinkKind, LinkState, NodeKind, Role};

/// Text inside quotes; Mermaid knows entity codes with `#`.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(80) {
        match c {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// One layer as a Mermaid flowchart.
pub fn mermaid(picture: &Picture<'_>) -> String {
    let topology = picture.topology;
    let mut out =
        format!("---\ntitle: \"{}\"\n---\nflowchart TB\n", quoted(picture.title).replace('\\', " "));
    let mut names = HashMap::new();
    for (at, node) in topology.nodes.iter().enumerate() {
        names.insert(node.id, at);
        let text = quoted(&node.name);
        let (open, close) = match (node.kind, node.role) {
            (NodeKind::Segment, _) => ("([", "])"),
            (_, Role::Router) => ("((", "))"),
            (_, Role::Firewall) => ("{{", "}}"),
            (_, Role::L3Switch) => ("[[", "]]"),
            (_, Role::Ap) => ("(", ")"),
            (NodeKind::Stub, _) => (">", "]"),
            _ => ("[", "]"),
        };
        let _ = writeln!(out, "  n{at}{open}\"{text}\"{close}");
    }
    for link in topology.links.iter().filter(|link| link.state != LinkState::Gone) {
        let (Some(a), Some(b)) = (names.get(&link.a.device), names.get(&link.b.device)) else { continue };
        let line = match (link.state, link.kind) {
            (LinkState::Down | LinkState::Stale, _)
            | (_, LinkKind::Ospf | LinkKind::Ospf3 | LinkKind::Isis | LinkKind::Bgp | LinkKind::Subnet) => {
                "-.-"
            }
            (_, LinkKind::Lag) => "===",
            _ => "---",
        };
        let ends: Vec<&str> =
            [&link.a, &link.b].into_iter().filter_map(|end| end.interface.as_deref()).collect();
        let mut label = ends.join(" - ");
        if link.kind != LinkKind::Cable && link.kind != LinkKind::Segment {
            label = format!("{} {label}", link.kind.as_str());
        }
        if link.state != LinkState::Up {
            label = format!("{label} ({})", link.state.as_str());
        }
        let label = quoted(label.trim());
        if label.is_empty() {
            let _ = writeln!(out, "  n{a} {line} n{b}");
        } else {
            let _ = writeln!(out, "  n{a} {line}|\"{label}\"| n{b}");
        }
    }
    out
}
