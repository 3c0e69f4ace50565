//! PNG (resvg) and PDF (svg2pdf) of the SVG.

use std::sync::{Arc, OnceLock};

use resvg::{tiny_skia, usvg};

use super::{ExportError, Picture, svg};

/// Most pixels of a PNG: 64 million.
const PIXELS: f32 = 64_000_000.0;

/// A regular and a bold face of one family.
struct Faces {
    family: String,
    files: Vec<Arc<Vec<u8>>>,
}

/// Families to look for, the usual ones of Linux systems first.
const FAMILIES: &[&str] = &[
    "DejaVu Sans",
    "Noto Sans",
    "Liberation Sans",
    "Ubuntu",
    "Cantarell",
    "Open Sans",
    "Arial",
    "Helvetica",
];

fn faces() -> Option<&'static Faces> {
    static FACES: OnceLock<Option<Faces>> = OnceLock::new();
    FACES.get_or_init(find).as_ref()
}

fn find() -> Option<Faces> {
    use resvg::usvg::fontdb::{Database, Family, Query, Weight};
    let mut database = Database::new();
    database.load_system_fonts();
    let any = database.faces().find_map(|face| face.families.first().map(|(name, _)| name.clone()));
    let family = FAMILIES
        .iter()
        .map(|name| (*name).to_owned())
        .find(|name| database.query(&Query { families: &[Family::Name(name)], ..Query::default() }).is_some())
        .or(any)?;
    let mut files: Vec<Arc<Vec<u8>>> = Vec::new();
    let mut ids = Vec::new();
    for weight in [Weight::NORMAL, Weight::BOLD] {
        let query = Query { families: &[Family::Name(&family)], weight, ..Query::default() };
        let Some(id) = database.query(&query).filter(|id| !ids.contains(id)) else { continue };
        ids.push(id);
        files.extend(database.with_face_data(id, |data, _| Arc::new(data.to_vec())));
    }
    (!files.is_empty()).then_some(Faces { family, files })
}

/// The picture with its texts laid out.
fn tree(picture: &Picture<'_>) -> Result<usvg::Tree, ExportError> {
    let faces = faces().ok_or(ExportError::NoFont)?;
    let mut options = usvg::Options { font_family: faces.family.clone(), ..usvg::Options::default() };
    let fonts = options.fontdb_mut();
    for file in &faces.files {
        fonts.load_font_data(file.to_vec());
    }
    fonts.set_sans_serif_family(faces.family.clone());
    usvg::Tree::from_str(&svg(picture), &options).map_err(|error| ExportError::Render(error.to_string()))
}

/// Renders one layer as PNG; `scale` 2 gives two pixels per layout unit. A picture that would be too
/// large is drawn at a smaller scale.
pub fn png(picture: &Picture<'_>, scale: f32) -> Result<Vec<u8>, ExportError> {
    let tree = tree(picture)?;
    let size = tree.size();
    let scale = scale.clamp(0.1, 8.0).min((PIXELS / (size.width() * size.height())).sqrt());
    let (width, height) = ((size.width() * scale).ceil() as u32, (size.height() * scale).ceil() as u32);
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or(ExportError::TooLarge(width, height))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| ExportError::Render(error.to_string()))
}

/// Renders one layer as PDF, one page of its size, text as text.
pub fn pdf(picture: &Picture<'_>) -> Result<Vec<u8>, ExportError> {
    let tree = tree(picture)?;
    let convert = svg2pdf::ConversionOptions::default();
    svg2pdf::to_pdf(&tree, convert, svg2pdf::PageOptions::default())
        .map_err(|error| ExportError::Render(error.to_string()))
}
