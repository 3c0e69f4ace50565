//! Lists of choices that every server knows: airports, countries, places of trade and transport. Files of
//! this crate (`tools/base-choices`), unpacked when they are first asked for.

use std::io::Read as _;
use std::sync::LazyLock;

use kit::record::Choice;

/// A value and its label.
type Known = (&'static str, &'static str);

/// What the lists are called.
pub(super) static LISTS: &[Choice] = &[
    Choice::new("IATA", "IATA (Airport codes)"),
    Choice::new("ISO_3166", "ISO 3166 (Country codes)"),
    Choice::new("UN_LOCODE", "UN/LOCODE (Location codes)"),
];

static IATA: LazyLock<Vec<Known>> = LazyLock::new(|| unpacked(include_bytes!("base/iata.tsv.gz")));
static ISO_3166: LazyLock<Vec<Known>> = LazyLock::new(|| unpacked(include_bytes!("base/iso_3166.tsv.gz")));
static UN_LOCODE: LazyLock<Vec<Known>> = LazyLock::new(|| unpacked(include_bytes!("base/un_locode.tsv.gz")));

/// The choices of a list, in the order of their values.
pub(crate) fn choices(list: &str) -> &'static [Known] {
    match list {
        "IATA" => IATA.as_slice(),
        "ISO_3166" => ISO_3166.as_slice(),
        "UN_LOCODE" => UN_LOCODE.as_slice(),
        _ => &[],
    }
}

/// Is this a value of the list?
pub(super) fn has(list: &str, value: &str) -> bool {
    choices(list).binary_search_by(|(known, _)| (*known).cmp(value)).is_ok()
}

/// Lines of value, tab, meaning. The label begins with the value: one text holds both, as long as the process.
fn unpacked(file: &[u8]) -> Vec<Known> {
    let mut lines = String::new();
    // A test reads the files whole.
    if flate2::read::GzDecoder::new(file).read_to_string(&mut lines).is_err() {
        return Vec::new();
    }
    let pairs = lines.lines().filter_map(|line| line.split_once('\t'));
    let labels: String = pairs.map(|(value, meaning)| format!("{value} ({meaning})\n")).collect();
    let labels: &'static str = labels.leak();
    labels.lines().filter_map(|label| Some((label.split_once(' ')?.0, label))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_whole_and_in_order() {
        for (list, least, value, label) in [
            ("IATA", 7_000, "AAB", "AAB (Arrabury Airport, Queensland, AU)"),
            ("ISO_3166", 249, "DE", "DE (Germany)"),
            ("UN_LOCODE", 100_000, "AD-ALV", "AD-ALV (Andorra la Vella, Andorra)"),
        ] {
            let known = choices(list);
            assert!(known.len() >= least && known.is_sorted_by(|a, b| a.0 < b.0), "{list} {}", known.len());
            assert!(known.contains(&(value, label)) && has(list, value) && !has(list, "nowhere"), "{list}");
        }
        assert!(choices("bogus").is_empty() && !has("", "DE"));
    }
}
