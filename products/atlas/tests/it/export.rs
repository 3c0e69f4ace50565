//! Exports of the lab, and of hostile names.

use atlas::export::{ExportError, Format, export};
use atlas::map::{Layer, Map};

use crate::net::*;

fn text(map: &Map, layer: Layer, format: Format) -> String {
    String::from_utf8(export(map, layer, 7, "Lab <map>", format).unwrap()).unwrap()
}

/// Tags open and close in order.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "near {}", &rest[..end.min(200)]);
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            open.push(tag.split(' ').next().unwrap());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn every_format_of_the_lab() {
    let map = crate::lab::lab().build();
    for layer in Layer::ALL {
        for format in [Format::Svg, Format::GraphMl, Format::DrawIo] {
            let out = text(&map, layer, format);
            well_formed(&out);
            assert!(out.contains("core1.lab"), "{format:?}");
            assert!(!out.contains("<map>"));
        }
    }
    let svg = text(&map, Layer::L1, Format::Svg);
    assert_eq!(svg.matches("<g data-id=").count(), map.topology(Layer::L1, 0).links.len());
    assert!(svg.contains("blocked by spanning tree") && svg.contains("2026-08-01 12:00 UTC"));
    assert!(!svg.contains("href"), "self-contained");
    let mermaid = text(&map, Layer::L1, Format::Mermaid);
    assert!(mermaid.contains("flowchart TB"));
    assert!(mermaid.lines().any(|line| line.contains("\"eth1 - eth1\"")), "{mermaid}");
    let page = text(&map, Layer::L1, Format::Html);
    assert!(
        page.contains("lldp.two-sided") && page.contains("endpoint-unknown") && page.contains("<script>")
    );
    assert!(!page.contains("src=") && !page.contains("href="), "loads nothing");
}

#[test]
fn pictures() {
    let map = crate::lab::lab().build();
    for layer in Layer::ALL {
        match (export(&map, layer, 7, "Lab", Format::Png), export(&map, layer, 7, "Lab", Format::Pdf)) {
            (Ok(png), Ok(pdf)) => {
                assert!(png.starts_with(b"\x89PNG\r\n") && png.len() > 20_000);
                assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000);
                if let Ok(dir) = std::env::var("ATLAS_PICTURES") {
                    std::fs::write(format!("{dir}/lab-{}.png", layer.as_str()), png).unwrap();
                }
            }
            // A machine without any font says so.
            (Err(ExportError::NoFont), Err(ExportError::NoFont)) => println!("skipped: no font installed"),
            (png, pdf) => panic!("{:?} {:?}", png.err(), pdf.err()),
        }
    }
}

#[test]
fn names_from_the_network_stay_text() {
    let name = "x\"]<script>alert(1)</script>&#\u{0}";
    let agent = Agent::new(1, name, "10.0.0.1").ports(["eth0"]);
    let map = build(&[&agent]);
    for format in [Format::Svg, Format::GraphMl, Format::DrawIo] {
        let out = text(&map, Layer::L1, format);
        well_formed(&out);
        assert!(!out.contains("<script"), "{format:?}");
    }
    let page = text(&map, Layer::L1, Format::Html);
    assert!(!page.contains("alert(1)</script>"));
    assert!(!text(&map, Layer::L1, Format::Mermaid).contains("x\"]"));
}

#[test]
fn an_empty_map_exports() {
    let map = build(&[]);
    for format in Format::ALL {
        match export(&map, Layer::L1, 0, "Empty", format) {
            Ok(bytes) => assert!(!bytes.is_empty()),
            Err(error) => assert!(matches!(error, ExportError::NoFont)),
        }
    }
}
