//! The map as a file: SVG, PNG, PDF, GraphML, Mermaid, draw.io, and a self-contained page.

mod drawio;
mod graphml;
mod html;
mod marks;
mod mermaid;
mod raster;
mod svg;

use std::collections::HashMap;

use uuid::Uuid;

pub use drawio::drawio;
pub use graphml::graphml;
pub use html::html;
pub use mermaid::mermaid;
pub use raster::{pdf, png};
pub use svg::svg;

use crate::map::{Layer, Map, Node, Topology};

/// One layer with a title.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// What is drawn.
    pub topology: &'a Topology,
    /// Heading.
    pub title: &'a str,
}

impl Picture<'_> {
    fn nodes(&self) -> HashMap<Uuid, &Node> {
        self.topology.nodes.iter().map(|node| (node.id, node)).collect()
    }
}

/// File formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Scalable vector graphics.
    Svg,
    /// Portable network graphics.
    Png,
    /// Portable document format.
    Pdf,
    /// GraphML (graphml.graphdrawing.org).
    GraphMl,
    /// Mermaid flowchart.
    Mermaid,
    /// draw.io / diagrams.net.
    DrawIo,
    /// A page that needs nothing else.
    Html,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 7] =
        [Self::Svg, Self::Png, Self::Pdf, Self::GraphMl, Self::Mermaid, Self::DrawIo, Self::Html];

    /// Reads `svg`, `png`, `pdf`, `graphml`, `mermaid`, `drawio`, `html`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }

    /// The name of the format in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::GraphMl => "graphml",
            Self::Mermaid => "mermaid",
            Self::DrawIo => "drawio",
            Self::Html => "html",
        }
    }

    /// Ending of the file name, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mermaid => "mmd",
            other => other.as_str(),
        }
    }

    /// Media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::GraphMl => "application/graphml+xml",
            Self::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Self::DrawIo => "application/vnd.jgraph.mxfile",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The drawing could not be read back; a defect.
    #[error("the drawing could not be rendered: {0}")]
    Render(String),
    /// No font is installed.
    #[error("no font is installed on the server; install one (Debian: fonts-dejavu-core) or export SVG")]
    NoFont,
    /// The picture has no area or more pixels than are allowed.
    #[error("the picture would be {0} by {1} pixels, which is too large; export SVG or PDF")]
    TooLarge(u32, u32),
}

/// Renders one layer (all of them for [`Format::Html`]).
pub fn export(
    map: &Map,
    layer: Layer,
    revision: i64,
    title: &str,
    format: Format,
) -> Result<Vec<u8>, ExportError> {
    if format == Format::Html {
        return Ok(html(map, title).into_bytes());
    }
    let topology = map.topology(layer, revision);
    let picture = Picture { topology: &topology, title };
    Ok(match format {
        Format::Svg => svg(&picture).into_bytes(),
        Format::Png => png(&picture, 2.0)?,
        Format::Pdf => pdf(&picture)?,
        Format::GraphMl => graphml(&picture).into_bytes(),
        Format::Mermaid => mermaid(&picture).into_bytes(),
        Format::DrawIo => drawio(&picture).into_bytes(),
        Format::Html => html(map, title).into_bytes(),
    })
}

/// Text for XML and HTML, in content and in quoted attributes. Names come from the network: whatever
/// a device calls itself stays text.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not allowed in XML 1.0 at all.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// `10.0.0.1, fd00::1 (+3)`.
pub(crate) fn address_list(node: &Node, most: usize) -> String {
    let shown: Vec<String> = node.addresses.iter().take(most).map(ToString::to_string).collect();
    let rest = node.addresses.len().saturating_sub(most);
    if rest > 0 { format!("{} (+{rest})", shown.join(", ")) } else { shown.join(", ") }
}
