//! The web front end, embedded.
//!
//! A leaf crate without dependencies: it holds the files of `web/dist` in three forms (as they
//! are, gzip, brotli) and fills in `index.html`. How they are served - headers, caching, fallback
//! to `index.html` - is the gateway's business; [`Asset::encoded`] does the negotiation for it.
//!
//! Rules for whoever serves this:
//! - `/_ui/*` is content-addressed: `Cache-Control: public, max-age=31536000, immutable`; an
//!   unknown path there is 404, never `index.html` (a stale page must see that it is stale).
//! - every other `GET` that accepts `text/html` gets [`index_html`] with a fresh nonce, the same
//!   nonce in `style-src`, and `Cache-Control: no-store`.
//! - `Vary: Accept-Encoding` and the strong `ETag` on assets.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Path below the root, without a leading slash: `_ui/index-B2x.js`, `favicon.svg`.
    pub path: &'static str,
    /// Value for `Content-Type`.
    pub mime: &'static str,
    /// Strong entity tag with its quotes (RFC 9110 section 8.8.3): a SHA-256 prefix of `identity`.
    pub etag: &'static str,
    /// The bytes as built.
    pub identity: &'static [u8],
    /// The same, gzip level 9; absent when compression does not pay.
    pub gz: Option<&'static [u8]>,
    /// The same, brotli quality 11; absent when compression does not pay.
    pub br: Option<&'static [u8]>,
}

impl Asset {
    /// The smallest form the client takes: value for `Content-Encoding` (none for identity) and
    /// the bytes. `accept` is the request's `Accept-Encoding` (RFC 9110 section 12.5.3); a coding
    /// with `q=0` is refused, other weights are not compared.
    pub fn encoded(&self, accept: Option<&str>) -> (Option<&'static str>, &'static [u8]) {
        let takes = |coding: &str| accept.is_some_and(|header| accepts(header, coding));
        match (self.br, self.gz) {
            (Some(bytes), _) if takes("br") => (Some("br"), bytes),
            (_, Some(bytes)) if takes("gzip") => (Some("gzip"), bytes),
            _ => (None, self.identity),
        }
    }
}

fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        named
            && !parts.any(|parameter| {
                parameter.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0))
            })
    })
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Shown when the crate was built without `web/dist`.
const PLACEHOLDER: &str = include_str!("placeholder.html");

/// The file at `path` (no leading slash), if it was built in. `index.html` is not handed out
/// here: it needs a nonce, see [`index_html`].
pub fn asset(path: &str) -> Option<Asset> {
    if path == "index.html" {
        return None;
    }
    find(path)
}

fn find(path: &str) -> Option<Asset> {
    let at = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok()?;
    ASSETS.get(at).copied()
}

/// Every embedded file except `index.html`, sorted by path.
pub fn assets() -> impl Iterator<Item = Asset> {
    ASSETS.iter().copied().filter(|asset| asset.path != "index.html")
}

/// Whether the pages were built in; otherwise [`index_html`] answers with a page that says how.
pub fn is_embedded() -> bool {
    !ASSETS.is_empty()
}

/// The page itself, for one answer.
///
/// `nonce` goes into `<meta name="csp-nonce">`, where the style library picks it up, and must be
/// the one of the `Content-Security-Policy` header. `base` is the public path the server is
/// reached under: `/`, or for example `/net/`; a missing slash at either end is added.
pub fn index_html(nonce: &str, base: &str) -> String {
    let page = find("index.html").and_then(|asset| std::str::from_utf8(asset.identity).ok());
    fill(page.unwrap_or(PLACEHOLDER), nonce, base)
}

/// Fills nonce and public path into any `index.html` of this front end, for pages served from a
/// directory. [`index_html`] does it for the embedded one.
pub fn fill(page: &str, nonce: &str, base: &str) -> String {
    let inner = base.trim_matches('/');
    let base = if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") };
    page.replace("__CSP_NONCE__", &attribute(nonce)).replace("/__BASE_PATH__/", &attribute(&base))
}

/// Escapes text for a double-quoted attribute.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Asset = Asset {
        path: "_ui/a.js",
        mime: "text/javascript",
        etag: "\"x\"",
        identity: b"identity",
        gz: Some(b"gz"),
        br: Some(b"br"),
    };

    #[test]
    fn negotiates_the_smallest_accepted_form() {
        let cases = [
            (None, None),
            (Some(""), None),
            (Some("identity"), None),
            (Some("gzip, deflate"), Some("gzip")),
            (Some("gzip, deflate, br, zstd"), Some("br")),
            (Some("GZIP;q=0.5"), Some("gzip")),
            (Some("br;q=0, gzip"), Some("gzip")),
            (Some("br; q=0.000"), None),
            (Some("brotli"), None),
        ];
        for (accept, coding) in cases {
            assert_eq!(SAMPLE.encoded(accept).0, coding, "{accept:?}");
        }
        let bare = Asset { gz: None, br: None, ..SAMPLE };
        assert_eq!(bare.encoded(Some("gzip, br")), (None, &b"identity"[..]));
    }

    #[test]
    fn fills_nonce_and_base_and_escapes_them() {
        let page = r#"<meta content="__CSP_NONCE__"><script src="/__BASE_PATH__/_ui/a.js">"#;
        assert_eq!(fill(page, "n1", "/"), r#"<meta content="n1"><script src="/_ui/a.js">"#);
        assert_eq!(fill(page, "n1", "net"), r#"<meta content="n1"><script src="/net/_ui/a.js">"#);
        assert_eq!(
            fill(page, "\"><b>", "/net/"),
            r#"<meta content="&quot;&gt;&lt;b&gt;"><script src="/net/_ui/a.js">"#
        );
    }

    #[test]
    fn the_page_never_leaves_with_a_placeholder_in_it() {
        let page = index_html("abc", "/");
        assert!(
            page.contains("abc") && !page.contains("__CSP_NONCE__") && !page.contains("__BASE_PATH__"),
            "{page}"
        );
        assert!(PLACEHOLDER.contains("npm run build"));
    }

    #[test]
    fn the_table_is_sorted_and_every_asset_is_found() {
        for asset in assets() {
            assert_eq!(super::asset(asset.path), Some(asset));
            assert!(asset.etag.len() > 10 && asset.mime.contains('/'));
        }
        assert_eq!(asset("index.html"), None);
        assert_eq!(asset("../Cargo.toml"), None);
    }
}
