//! The lines of Git's protocol, version 2 (gitprotocol-v2, gitprotocol-http): pure.

use gix_hash::ObjectId;

/// A line, without its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Data(Vec<u8>),
    /// The end of a message.
    Flush,
    /// The end of a part of one.
    Delimiter,
}

impl Line {
    /// Its text without the line break.
    pub(super) fn text(&self) -> Option<&str> {
        let Self::Data(data) = self else { return None };
        std::str::from_utf8(data).ok().map(|text| text.trim_end_matches('\n'))
    }
}

/// What a server can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    /// Says which hash it means.
    object_format: bool,
    /// Gives a commit without its history.
    shallow: bool,
}

impl Abilities {
    /// From the lines with which a server introduces itself.
    ///
    /// # Errors
    /// It cannot do what is needed.
    pub(super) fn of(lines: &[Line]) -> Result<Self, String> {
        let mut texts = lines.iter().filter_map(Line::text).skip_while(|text| *text != "version 2");
        if texts.next().is_none() {
            return Err(
                "There is no Git repository at this address, or its server speaks no protocol version 2."
                    .to_owned(),
            );
        }
        let (mut found, mut fetches) = (Self::default(), false);
        for text in texts {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            match name {
                "object-format" if value != "sha1" => {
                    return Err(format!("Its objects are named by {value}; only sha1 is known here."));
                }
                "object-format" => found.object_format = true,
                "fetch" => {
                    fetches = true;
                    found.shallow = value.split(' ').any(|feature| feature == "shallow");
                }
                _ => {}
            }
        }
        if fetches { Ok(found) } else { Err("Its server gives nothing away.".to_owned()) }
    }

    /// Asks for a branch, or for what the repository shows first.
    pub(super) fn ask_ref(&self, name: &str) -> Vec<u8> {
        self.message("ls-refs", &[format!("ref-prefix {name}")])
    }

    /// Asks for a commit with its files.
    pub(super) fn ask_pack(&self, commit: ObjectId) -> Vec<u8> {
        let mut lines = vec![format!("want {commit}"), "no-progress".to_owned(), "ofs-delta".to_owned()];
        if self.shallow {
            lines.push("deepen 1".to_owned());
        }
        lines.push("done".to_owned());
        self.message("fetch", &lines)
    }

    fn message(&self, command: &str, lines: &[String]) -> Vec<u8> {
        let mut out = Vec::new();
        line(&mut out, &format!("command={command}"));
        if self.object_format {
            line(&mut out, "object-format=sha1");
        }
        out.extend_from_slice(b"0001");
        for text in lines {
            line(&mut out, text);
        }
        out.extend_from_slice(b"0000");
        out
    }
}

/// Adds a line. Texts of ours are far shorter than the 65,516 bytes that one holds.
fn line(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(format!("{:04x}{text}\n", text.len() + 5).as_bytes());
}

/// The commit that a line of the answer to [`Abilities::ask_ref`] gives to the name.
pub(super) fn commit_of(text: &str, name: &str) -> Option<ObjectId> {
    let mut words = text.split(' ');
    let (id, known) = (words.next()?, words.next()?);
    if known == name { ObjectId::from_hex(id.as_bytes()).ok() } else { None }
}

/// What a line of the part `packfile` carries.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Band<'a> {
    Pack(&'a [u8]),
    /// For people who watch.
    Progress,
    Error(String),
}

/// Takes such a line apart. None when it is no such line.
pub(super) fn band(data: &[u8]) -> Option<Band<'_>> {
    let (band, data) = data.split_first()?;
    match band {
        1 => Some(Band::Pack(data)),
        2 => Some(Band::Progress),
        3 => Some(Band::Error(said(data))),
        _ => None,
    }
}

/// A text of the server, short.
pub(super) fn said(data: &[u8]) -> String {
    String::from_utf8_lossy(data).trim().chars().filter(|c| !c.is_control()).take(300).collect()
}
