//! What a parameter of a list was given, as conditions: the rules that all lists share which are no records.

use kit::records::Where;

use super::filter::{Wrong, numbers, operator};

/// Suffixes of numbers.
pub(super) const NUMBERS: &[&str] = &["n", "lte", "lt", "gte", "gt", "empty"];
/// Suffixes of texts.
pub(super) const TEXTS: &[&str] =
    &["n", "ic", "nic", "iew", "niew", "isw", "nisw", "ie", "nie", "empty", "regex", "iregex"];
/// Suffixes of what is one of a list.
pub(super) const ONE_OF: &[&str] = &["n"];
/// Parameters and the suffixes that they know.
pub(super) type Parameters = &'static [(&'static str, &'static [&'static str])];

/// A parameter and the suffix of its comparison; none when it is not among them.
pub(super) fn among(parameters: Parameters, parameter: &str) -> Option<(&'static str, &str)> {
    let named = |name: &str| parameters.iter().find(|(known, _)| *known == name);
    if let Some((name, _)) = named(parameter) {
        return Some((*name, ""));
    }
    let (name, suffix) = parameter.rsplit_once("__")?;
    let (name, suffixes) = named(name)?;
    suffixes.contains(&suffix).then_some((*name, suffix))
}

/// One of the values, by the operator.
pub(super) fn is_one(field: &str, op: &'static str, values: Vec<String>) -> Where {
    if values.is_empty() {
        return Where::Any(Vec::new());
    }
    Where::Is { field: field.to_owned(), op, values }
}

/// A parameter of a list: how it compares, and with what.
pub(super) struct Given<'a> {
    pub(super) suffix: &'a str,
    pub(super) values: Vec<&'a str>,
}

impl Given<'_> {
    /// Or its contrary, as the suffix says.
    pub(super) fn signed(&self, plain: Where) -> Where {
        if operator(self.suffix).1 { Where::Not(Box::new(plain)) } else { plain }
    }

    pub(super) fn owned(&self) -> Vec<String> {
        self.values.iter().map(|value| (*value).to_owned()).collect()
    }

    /// Is there no value? As the last of the values says.
    pub(super) fn empty(&self, field: &str) -> Where {
        let yes = matches!(self.values.last(), Some(&("true" | "True" | "1")));
        Where::is(field, "isnull", yes.to_string())
    }

    pub(super) fn number(&self, field: &str) -> Result<Where, Wrong> {
        if self.suffix == "empty" {
            return Ok(self.empty(field));
        }
        Ok(self.signed(is_one(field, operator(self.suffix).0, numbers(&self.values)?)))
    }

    pub(super) fn text(&self, field: &str) -> Where {
        if self.suffix == "empty" {
            return self.empty(field);
        }
        self.signed(is_one(field, operator(self.suffix).0, self.owned()))
    }
}
