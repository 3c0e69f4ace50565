//! GraphML (graphml.graphdrawing.org/specification.html).

use std::fmt::Write;

use super::{Picture, address_list, escape};

/// Attributes of nodes and edges: key, what it belongs to, name, type.
const KEYS: &[(&str, &str, &str, &str)] = &[
    ("n0", "node", "name", "string"),
    ("n1", "node", "kind", "string"),
    ("n2", "node", "role", "string"),
    ("n3", "node", "addresses", "string"),
    ("n4", "node", "x", "double"),
    ("n5", "node", "y", "double"),
    ("e0", "edge", "kind", "string"),
    ("e1", "edge", "state", "string"),
    ("e2", "edge", "interface_a", "string"),
    ("e3", "edge", "interface_b", "string"),
    ("e4", "edge", "confidence", "double"),
    ("e5", "edge", "blocked", "boolean"),
];

/// One layer as GraphML.
pub fn graphml(picture: &Picture<'_>) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, domain, name, kind) in KEYS {
        let _ =
            writeln!(out, "  <key id=\"{id}\" for=\"{domain}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>");
    }
    let _ = writeln!(out, "  <graph id=\"{}\" edgedefault=\"undirected\">", picture.topology.layer.as_str());
    for node in &picture.topology.nodes {
        let kind = match node.kind {
            crate::map::NodeKind::Device => "device",
            crate::map::NodeKind::Stub => "stub",
            crate::map::NodeKind::Segment => "segment",
        };
        let _ = write!(out, "    <node id=\"{}\">", node.id);
        let (x, y) = (node.x.to_string(), node.y.to_string());
        let addresses = address_list(node, usize::MAX);
        for (key, value) in [
            ("n0", node.name.as_str()),
            ("n1", kind),
            ("n2", node.role.as_str()),
            ("n3", &addresses),
            ("n4", &x),
            ("n5", &y),
        ] {
            let _ = write!(out, "<data key=\"{key}\">{}</data>", escape(value));
        }
        out.push_str("</node>\n");
    }
    for link in &picture.topology.links {
        let _ = write!(
            out,
            "    <edge id=\"{}\" source=\"{}\" target=\"{}\">",
            link.id, link.a.device, link.b.device
        );
        let confidence = link.confidence.to_string();
        for (key, value) in [
            ("e0", link.kind.as_str()),
            ("e1", link.state.as_str()),
            ("e2", link.a.interface.as_deref().unwrap_or("")),
            ("e3", link.b.interface.as_deref().unwrap_or("")),
            ("e4", &confidence),
            ("e5", if link.blocked { "true" } else { "false" }),
        ] {
            let _ = write!(out, "<data key=\"{key}\">{}</data>", escape(value));
        }
        out.push_str("</edge>\n");
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}
