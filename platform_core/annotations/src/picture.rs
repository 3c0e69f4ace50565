//! What is in a file: a picture is what a decoder reads to its end, within bounds.

use std::io::Cursor;
use std::num::NonZeroU64;

use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Widest and highest picture, pixels.
const MAX_SIDE: u32 = 16_384;
/// Memory of a decoder, bytes.
const MAX_DECODED: usize = 256 * 1024 * 1024;
/// Frames of an animation that are looked at.
const MAX_FRAMES: usize = 1_000;

/// Endings of the names of files that are taken.
pub(crate) const ENDINGS: &[&str] = &["png", "apng", "jpg", "jpeg", "jpe", "jfif", "gif", "webp"];

/// What a file turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) media_type: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Why a file is no picture for us.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// Nothing a decoder knows, or broken.
    Unknown,
    /// Wider, higher or larger than what is taken.
    Large,
}

/// Reads a file whole. Its type follows from its first bytes.
pub(crate) fn look(bytes: &[u8]) -> Result<Seen, Unusable> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        [0xff, 0xd8, 0xff, ..] => jpeg(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes),
        _ => Err(Unusable::Unknown),
    }
}

fn unknown<E>(_: E) -> Unusable {
    Unusable::Unknown
}

/// Within bounds?
fn seen(media_type: &'static str, width: u32, height: u32) -> Result<Seen, Unusable> {
    if width == 0 || height == 0 {
        return Err(Unusable::Unknown);
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(Unusable::Large);
    }
    Ok(Seen { media_type, width, height })
}

/// A buffer for what comes out.
fn buffer(size: usize) -> Result<Vec<u8>, Unusable> {
    if size > MAX_DECODED { Err(Unusable::Large) } else { Ok(vec![0; size]) }
}

fn png(bytes: &[u8]) -> Result<Seen, Unusable> {
    let limits = png::Limits { bytes: MAX_DECODED };
    let mut reader = png::Decoder::new_with_limits(bytes, limits).read_info().map_err(unknown)?;
    let (width, height) = reader.info().size();
    let seen = seen("image/png", width, height)?;
    let mut pixels = buffer(reader.output_buffer_size())?;
    reader.next_frame(&mut pixels).map_err(unknown)?;
    reader.finish().map_err(unknown)?;
    Ok(seen)
}

fn jpeg(bytes: &[u8]) -> Result<Seen, Unusable> {
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE as usize)
        .set_max_height(MAX_SIDE as usize)
        .set_strict_mode(true);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(unknown)?;
    let info = decoder.info().ok_or(Unusable::Unknown)?;
    let seen = seen("image/jpeg", u32::from(info.width), u32::from(info.height))?;
    if usize::from(info.width) * usize::from(info.height) * 4 > MAX_DECODED {
        return Err(Unusable::Large);
    }
    decoder.decode().map_err(unknown)?;
    Ok(seen)
}

fn gif(bytes: &[u8]) -> Result<Seen, Unusable> {
    let mut options = gif::DecodeOptions::new();
    if let Some(most) = NonZeroU64::new(MAX_DECODED as u64) {
        options.set_memory_limit(gif::MemoryLimit::Bytes(most));
    }
    let mut decoder = options.read_info(bytes).map_err(unknown)?;
    let seen = seen("image/gif", u32::from(decoder.width()), u32::from(decoder.height()))?;
    let mut frames = 0;
    while decoder.read_next_frame().map_err(unknown)?.is_some() {
        frames += 1;
        if frames > MAX_FRAMES {
            return Err(Unusable::Large);
        }
    }
    if frames > 0 { Ok(seen) } else { Err(Unusable::Unknown) }
}

fn webp(bytes: &[u8]) -> Result<Seen, Unusable> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(unknown)?;
    decoder.set_memory_limit(MAX_DECODED);
    let (width, height) = decoder.dimensions();
    let seen = seen("image/webp", width, height)?;
    let mut pixels = buffer(decoder.output_buffer_size().ok_or(Unusable::Large)?)?;
    decoder.read_image(&mut pixels).map_err(unknown)?;
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0bIDATx\x9cc`\0\x02\0\0\x05\0\x01z^\xab?\0\0\0\0IEND\xaeB`\x82";
    const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    const WEBP: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";

    #[test]
    fn pictures_are_read_to_their_end() {
        for (bytes, media_type) in [(PIXEL, "image/png"), (GIF, "image/gif"), (WEBP, "image/webp")] {
            assert_eq!(look(bytes), Ok(Seen { media_type, width: 1, height: 1 }));
            assert!(look(&bytes[..bytes.len() / 2]).is_err(), "{media_type}");
        }
    }

    #[test]
    fn other_files_are_not_taken() {
        let mut bomb = PIXEL.to_vec();
        bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let cases = [
            b"hello".as_slice(),
            svg,
            b"",
            &bomb,
            b"\xff\xd8\xff\xe0junk",
            b"GIF89a",
            b"RIFF\0\0\0\0WEBPxxxx",
            b"BM",
        ];
        for bytes in cases {
            assert!(look(bytes).is_err(), "{bytes:?}");
        }
    }

    proptest::proptest! {
        /// Whatever comes in: an answer, and no more memory than what is allowed.
        #[test]
        fn any_bytes_are_fine(start in 0_usize..4, rest in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let head = [PIXEL, GIF, WEBP, b"\xff\xd8\xff"][start];
            let mut bytes = head[..head.len().min(12)].to_vec();
            bytes.extend(rest);
            let _seen = look(&bytes);
        }
    }
}
