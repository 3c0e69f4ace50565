//! What somebody typed, in all the ways in which it may be meant.

use std::net::IpAddr;

use ipnet::IpNet;
use kit::TenantId;
use uuid::Uuid;

use super::fold;

/// Above every letter.
const LAST: char = '\u{10ffff}';
/// Hexadecimal digits of a part of a MAC address with its separators.
const MAC_DIGITS: std::ops::RangeInclusive<usize> = 4..=16;

/// A text looked for.
#[derive(Debug)]
pub(crate) struct Question {
    text: String,
    terms: Vec<String>,
    mac: Option<String>,
}

impl Question {
    /// `None` when nothing is left of it.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = fold::folded(text);
        if text.is_empty() {
            return None;
        }
        let terms = text.split_whitespace().map(str::to_owned).collect();
        Some(Self { mac: mac(&text), terms, text })
    }

    /// What values may be or begin with: each as the first text that begins so and one above the last.
    pub(crate) fn beginnings(&self) -> Vec<(String, String)> {
        let forms = std::iter::once(&self.text).chain(&self.mac);
        forms.map(|form| (form.clone(), format!("{form}{LAST}"))).collect()
    }

    /// Is it the whole of this value?
    pub(crate) fn is_whole(&self, folded: &str) -> bool {
        folded == self.text || self.mac.as_deref() == Some(folded)
    }

    /// The hashes that values have in which it is; none when it is too short.
    pub(crate) fn grams(&self, tenant: TenantId, starts: bool) -> Vec<i32> {
        fold::wanted(tenant, &self.terms, starts)
    }

    /// Is it in this value: at the beginnings of words, or anywhere?
    pub(crate) fn is_in(&self, folded: &str, starts: bool) -> bool {
        fold::holds(folded, &self.terms, starts)
    }

    /// The id that it is.
    pub(crate) fn id(&self) -> Option<Uuid> {
        Uuid::try_parse(&self.text).ok()
    }

    /// The host or network that it is.
    pub(crate) fn net(&self) -> Option<IpNet> {
        let host = self.text.parse::<IpAddr>().map(IpNet::from);
        // An address with the length of its network means the address.
        let net = self.text.parse::<IpNet>();
        let net = net.map(|net| if net.addr() == net.network() { net } else { IpNet::from(net.addr()) });
        host.or(net).ok()
    }
}

/// This network or host and all networks around it.
pub(crate) fn around(net: IpNet) -> Vec<IpNet> {
    std::iter::successors(Some(net), IpNet::supernet).collect()
}

/// The digits of what looks like a MAC address or the beginning of one.
fn mac(text: &str) -> Option<String> {
    let divided = text.contains([':', '-', '.']);
    let fits = |letter: char| letter.is_ascii_hexdigit() || [':', '-', '.'].contains(&letter);
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    (divided && text.chars().all(fits) && MAC_DIGITS.contains(&digits.len())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(text: &str) -> Question {
        Question::new(text).expect("a question")
    }

    #[test]
    fn a_text_may_mean_several_things() {
        assert!(Question::new("  ").is_none());
        let cases = [
            ("00:11:22:AA:bb:CC", Some("001122aabbcc"), None),
            ("0011.22aa", Some("001122aa"), None),
            ("00-11", Some("0011"), None),
            ("core-1", None, None),
            ("10.0.0.7", Some("10007"), Some("10.0.0.7/32")),
            ("10.0.0.7/24", None, Some("10.0.0.7/32")),
            ("10.0.0.0/24", None, Some("10.0.0.0/24")),
            ("2001:db8::/32", None, Some("2001:db8::/32")),
        ];
        for (text, mac, net) in cases {
            let question = question(text);
            assert_eq!(question.mac.as_deref(), mac, "{text}");
            assert_eq!(question.net().map(|net| net.to_string()).as_deref(), net, "{text}");
        }
    }

    #[test]
    fn networks_around_a_host() {
        let net = question("10.0.0.7").net().expect("a host");
        let all = around(net);
        assert_eq!(all.len(), 33);
        assert!(all.contains(&"10.0.0.0/24".parse().expect("a network")));
    }

    #[test]
    fn a_beginning_ends_above_all_that_begin_so() {
        let (low, high) = question("Core").beginnings().remove(0);
        for text in ["core", "core1", "core\u{fffd}"] {
            assert!(text >= low.as_str() && text < high.as_str(), "{text}");
        }
        assert!("corf" > high.as_str());
    }
}
