//! Texts in the form in which they are compared, and the grams of their words: every three letters that
//! follow each other, and the first two with a mark in front. A part of a word is where all its grams are.

use kit::TenantId;

/// Characters of a value that are searched.
pub(crate) const LONGEST: usize = 256;
/// In front of the first letters of a word. No letter of any text.
const START: char = '\u{2}';

/// Lower case, without space around, cut at [`LONGEST`].
pub(crate) fn folded(text: &str) -> String {
    let cut: String = text.trim().to_lowercase().chars().take(LONGEST).collect();
    cut.trim_end().to_owned()
}

/// The hash that all entries of a model have.
pub(crate) fn of_model(tenant: TenantId, model: &str) -> i32 {
    let letters: Vec<char> = [START, START].into_iter().chain(model.chars()).collect();
    hash(tenant, &letters)
}

/// The hashes of the model and of all grams of a folded text, each once.
pub(crate) fn grams(tenant: TenantId, model: &str, text: &str) -> Vec<i32> {
    let mut hashes = vec![of_model(tenant, model)];
    for word in words(text) {
        add(tenant, word, true, &mut hashes);
    }
    once(hashes)
}

/// The hashes that a text has in which all the terms are: at the beginnings of words, or anywhere. None
/// when the terms are too short for any.
pub(super) fn wanted(tenant: TenantId, terms: &[String], starts: bool) -> Vec<i32> {
    let mut hashes = Vec::new();
    for term in terms {
        // Behind something that is no letter a word begins.
        let inside = term.starts_with(char::is_alphanumeric) && !starts;
        for (at, word) in words(term).enumerate() {
            add(tenant, word, at > 0 || !inside, &mut hashes);
        }
    }
    once(hashes)
}

/// Are all the terms in the text: at the beginnings of words, or anywhere?
pub(super) fn holds(text: &str, terms: &[String], starts: bool) -> bool {
    let begins = |at: usize| !text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
    terms.iter().all(|term| {
        let found =
            |(at, _): (usize, &str)| !starts || !term.starts_with(char::is_alphanumeric) || begins(at);
        text.match_indices(term.as_str()).any(found)
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn add(tenant: TenantId, word: &str, starts: bool, hashes: &mut Vec<i32>) {
    let letters: Vec<char> = word.chars().collect();
    if let (true, [first, second, ..]) = (starts, letters.as_slice()) {
        hashes.push(hash(tenant, &[START, *first, *second]));
    }
    hashes.extend(letters.windows(3).map(|gram| hash(tenant, gram)));
}

/// FNV-1a: the same in every version of this server, because hashes are stored.
fn hash(tenant: TenantId, gram: &[char]) -> i32 {
    let letters = gram.iter().flat_map(|letter| u32::from(*letter).to_be_bytes());
    let bytes = tenant.0.as_bytes().iter().copied().chain(letters);
    bytes.fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)).cast_signed()
}

fn once(mut hashes: Vec<i32>) -> Vec<i32> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const TENANT: TenantId = TenantId(Uuid::from_u128(1));

    fn terms(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn parts_of_words_are_where_their_grams_are() {
        // text, asked, at beginnings of words, anywhere
        let cases = [
            ("fra1-rtr-01", "rtr", true, true),
            ("fra1-rtr-01", "tr-0", false, false),
            ("fra1-rtr-01", "rtr-01", true, true),
            ("fra1-rtr-01", "ra1-rtr", false, true),
            ("fra1-rtr-01", "01 fra", true, true),
            ("fra1-rtr-01", "rtr-02", false, false),
            ("gigabitethernet0/1", "ethernet0", false, true),
            ("gigabitethernet0/1", "-gig", false, false),
            ("rack-row", "ack row", false, true),
            ("straße 5", "stra", true, true),
        ];
        for (text, asked, at_starts, anywhere) in cases {
            let (stored, asked_terms) = (grams(TENANT, "lab.device", text), terms(asked));
            for (starts, expected) in [(true, at_starts), (false, anywhere)] {
                let wanted = wanted(TENANT, &asked_terms, starts);
                let found = holds(text, &asked_terms, starts) && !wanted.is_empty();
                assert_eq!(found, expected, "{text}: {asked}, {starts}");
                let all = wanted.iter().all(|gram| stored.contains(gram));
                assert!(all || !expected, "{text}: {asked}, {starts}");
            }
        }
    }

    #[test]
    fn short_words_have_no_grams_and_tenants_share_none() {
        assert!(wanted(TENANT, &terms("a"), true).is_empty());
        assert!(wanted(TENANT, &terms("ab"), false).is_empty());
        assert_eq!(wanted(TENANT, &terms("ab"), true).len(), 1);
        let other = grams(TenantId(Uuid::from_u128(2)), "lab.device", "core1");
        assert!(grams(TENANT, "lab.device", "core1").iter().all(|gram| !other.contains(gram)));
    }

    #[test]
    fn texts_are_folded_and_cut() {
        assert_eq!(folded("  Core 1 "), "core 1");
        assert_eq!(folded(&"x".repeat(300)).len(), LONGEST);
    }
}
