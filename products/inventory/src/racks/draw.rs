//! The drawing of a rack as one SVG without anything from outside, to be put into other pages.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Face, Frame, Mounted};

/// Height of a unit, width of the devices, width of the numbers beside them: pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) unit_height: i64,
    pub(crate) unit_width: i64,
    pub(crate) legend_width: i64,
}

impl Default for Size {
    fn default() -> Self {
        Self { unit_height: 22, unit_width: 230, legend_width: 30 }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

/// Colours of a theme.
struct Colours {
    rail: &'static str,
    inside: &'static str,
    line: &'static str,
    text: &'static str,
    muted: &'static str,
    behind: &'static str,
    reserved: &'static str,
}

impl Theme {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    fn colours(self) -> Colours {
        match self {
            Self::Light => Colours {
                rail: "#55616f",
                inside: "#f4f6f8",
                line: "#d5dce3",
                text: "#1a222b",
                muted: "#55616f",
                behind: "#e9edf1",
                reserved: "#6c2e96",
            },
            Self::Dark => Colours {
                rail: "#768391",
                inside: "#182028",
                line: "#2b3641",
                text: "#e6ebf0",
                muted: "#a3afbc",
                behind: "#222c36",
                reserved: "#f0bcfb",
            },
        }
    }
}

/// A device of a drawing.
pub(crate) struct Drawn {
    pub(crate) place: Mounted,
    pub(crate) name: String,
    /// Said when one points at it.
    pub(crate) title: String,
    /// Six hexadecimal digits.
    pub(crate) colour: String,
    pub(crate) shaded: bool,
}

/// What is drawn.
pub(crate) struct Picture {
    pub(crate) title: String,
    pub(crate) frame: Frame,
    pub(crate) face: Face,
    pub(crate) devices: Vec<Drawn>,
    /// Units that are held.
    pub(crate) reserved: BTreeSet<i64>,
}

/// Text that XML does not read as anything else.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            char if char.is_control() => safe.push(' '),
            char => safe.push(char),
        }
    }
    safe
}

/// A colour as we store it, or grey.
fn hex(colour: &str) -> &str {
    if colour.len() == 6 && colour.bytes().all(|byte| byte.is_ascii_hexdigit()) { colour } else { "9e9e9e" }
}

/// Black or white, whichever is read better on the colour (WCAG relative luminance).
fn ink(colour: &str) -> &'static str {
    let part = |at: usize| {
        let byte = colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(158);
        let part = f64::from(byte) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let light = 0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4);
    if light > 0.179 { "#000000" } else { "#ffffff" }
}

/// Draws a rack from one side.
pub(crate) fn rack(picture: &Picture, size: Size, theme: Theme) -> String {
    let colours = theme.colours();
    let (legend, unit) = (size.legend_width, size.unit_height);
    let (width, inside) = (legend + size.unit_width + 14, picture.frame.height * unit);
    let mut svg = String::with_capacity(8_192);
    let _infallible = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{}\" viewBox=\"0 0 {width} {}\" \
         role=\"img\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\"><title>{}</title>\
         <rect x=\"{}\" y=\"1\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"{}\"/>\
         <rect x=\"{}\" y=\"5\" width=\"{}\" height=\"{inside}\" fill=\"{}\"/>",
        inside + 10,
        inside + 10,
        escape(&picture.title),
        legend,
        size.unit_width + 12,
        inside + 8,
        colours.rail,
        legend + 6,
        size.unit_width,
        colours.inside,
    );
    slots(&mut svg, picture, size, &colours);
    for device in &picture.devices {
        drawn(&mut svg, picture, device, size, &colours);
    }
    svg.push_str("</svg>");
    svg
}

/// Lines between units with their numbers, and what is held.
fn slots(svg: &mut String, picture: &Picture, size: Size, colours: &Colours) {
    let (frame, unit) = (picture.frame, size.unit_height);
    for at in 0..frame.height {
        let number = if frame.descending { frame.start + at } else { frame.start + frame.height - 1 - at };
        let y = 5 + at * unit;
        let _infallible = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"10\" fill=\"{}\">{number}</text>\
             <path d=\"M{} {}h{}\" stroke=\"{}\"/>",
            size.legend_width - 5,
            y + unit / 2 + 4,
            colours.muted,
            size.legend_width + 6,
            y + unit,
            size.unit_width,
            colours.line,
        );
        if picture.reserved.contains(&number) {
            let _infallible = write!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" fill-opacity=\".14\" \
                 stroke=\"{}\" stroke-dasharray=\"3 3\"/>",
                size.legend_width + 7,
                y + 1,
                size.unit_width - 2,
                unit - 2,
                colours.reserved,
                colours.reserved,
            );
        }
    }
}

fn drawn(svg: &mut String, picture: &Picture, device: &Drawn, size: Size, colours: &Colours) {
    if !device.place.is_at(picture.face) {
        return;
    }
    let (frame, unit) = (picture.frame, size.unit_height);
    let (first, end) = frame.ends();
    let from_top = if frame.descending { device.place.position - first } else { end - device.place.end() };
    let (y, height) = (5 + from_top * unit / 2, device.place.height * unit / 2);
    let own = device.place.face == picture.face;
    let colour = hex(&device.colour);
    let fill = if own { format!("#{colour}") } else { colours.behind.to_owned() };
    let ink = if own { ink(colour) } else { colours.muted };
    let style = match (own, device.shaded) {
        (_, true) => " opacity=\".35\"",
        (false, false) => " stroke-dasharray=\"4 3\"",
        (true, false) => "",
    };
    let middle = size.legend_width + 6 + size.unit_width / 2;
    // A clip keeps long names inside; a letter is about half as wide as high.
    let letters = usize::try_from(size.unit_width / 7).unwrap_or(0).max(4);
    let name: String = if device.name.chars().count() > letters {
        device.name.chars().take(letters - 1).chain(['…']).collect()
    } else {
        device.name.clone()
    };
    let _infallible = write!(
        svg,
        "<g{style}><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\" fill=\"{fill}\" \
         stroke=\"{}\"/><text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" font-size=\"11\" \
         fill=\"{ink}\">{}</text></g>",
        escape(&device.title),
        size.legend_width + 7,
        y + 1,
        size.unit_width - 2,
        (height - 2).max(1),
        colours.text,
        y + height / 2 + 4,
        escape(&name),
    );
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn picture(face: Face) -> String {
        let place = |position, face, full_depth| Mounted {
            device: Uuid::nil(),
            position,
            height: 2,
            face,
            full_depth,
        };
        let device = |name: &str, place| Drawn {
            place,
            name: name.to_owned(),
            title: format!("{name} & more"),
            colour: "2196f3".to_owned(),
            shaded: false,
        };
        let devices = vec![
            device("<core>", place(2, Face::Front, true)),
            device("panel", place(4, Face::Front, false)),
            device("a-name-that-is-much-longer-than-the-rack-is-wide", place(6, Face::Rear, false)),
        ];
        let frame = Frame { height: 4, start: 1, descending: false };
        rack(
            &Picture { title: "R1 front".into(), frame, face, devices, reserved: BTreeSet::from([4]) },
            Size::default(),
            Theme::Light,
        )
    }

    #[test]
    fn one_sees_what_is_at_that_side() {
        let (front, rear) = (picture(Face::Front), picture(Face::Rear));
        assert!(front.contains("&lt;core&gt;") && front.contains("panel") && !front.contains("a-name"));
        assert!(rear.contains("stroke-dasharray=\"4 3\"") && !rear.contains("panel") && rear.contains('…'));
        for svg in [front, rear] {
            assert_eq!(svg.matches("text-anchor=\"end\"").count(), 4);
            assert_eq!(svg.matches("fill-opacity").count(), 1);
            assert!(!svg.contains("<core>") && svg.starts_with("<svg") && svg.ends_with("</svg>"));
        }
    }

    #[test]
    fn ink_is_read_on_every_colour() {
        for (colour, right) in [
            ("ffffff", "#000000"),
            ("000000", "#ffffff"),
            ("2196f3", "#000000"),
            ("0b63b0", "#ffffff"),
            ("é1", "#000000"),
        ] {
            assert_eq!(ink(hex(colour)), right, "{colour}");
        }
    }
}
