//! Patterns of event types: `link.down`, `device.*`, `*`.

use kit::Problem;

/// Which events somebody wants.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    exact: Vec<String>,
    prefixes: Vec<String>,
    subject_prefix: Option<String>,
}

const MAX_PATTERNS: usize = 50;
const MAX_LENGTH: usize = 100;

impl Filter {
    /// From `topology.changed,device.*`; nothing or `*` = all types.
    ///
    /// # Errors
    /// 422 naming the parameter.
    pub fn parse(types: &str, subject_prefix: Option<&str>) -> Result<Self, Problem> {
        let wrong = |message: String| Problem::field("?types", "invalid", message);
        let mut filter = Self::default();
        for pattern in types.split(',').map(str::trim).filter(|pattern| !pattern.is_empty()) {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            let body = pattern.strip_suffix('*').unwrap_or(pattern);
            if pattern.len() > MAX_LENGTH || !body.chars().all(allowed) {
                return Err(wrong(
                    "Give event types separated by commas, such as topology.changed,device.*".into(),
                ));
            }
            filter.add(pattern);
        }
        if filter.exact.len() + filter.prefixes.len() > MAX_PATTERNS {
            return Err(wrong(format!("Give at most {MAX_PATTERNS} event types.")));
        }
        if filter.exact.is_empty() && filter.prefixes.is_empty() {
            filter.prefixes.push(String::new());
        }
        if subject_prefix.is_some_and(|subject| subject.len() > 500) {
            return Err(Problem::field("?subject", "too_long", "A subject has at most 500 characters."));
        }
        filter.subject_prefix = subject_prefix.map(str::to_owned);
        Ok(filter)
    }

    /// From the pattern of a subscription.
    pub(crate) fn of_pattern(pattern: &str) -> Self {
        let mut filter = Self::default();
        filter.add(pattern);
        filter
    }

    fn add(&mut self, pattern: &str) {
        match pattern.strip_suffix('*') {
            Some(prefix) => self.prefixes.push(prefix.to_owned()),
            None => self.exact.push(pattern.to_owned()),
        }
    }

    pub(crate) fn exact(&self) -> &[String] {
        &self.exact
    }

    pub(crate) fn prefixes(&self) -> &[String] {
        &self.prefixes
    }

    /// Whether an event of this type about this subject is wanted.
    pub fn matches(&self, event_type: &str, subject: &str) -> bool {
        (self.exact.iter().any(|wanted| wanted == event_type)
            || self.prefixes.iter().any(|prefix| event_type.starts_with(prefix)))
            && self.subject_prefix.as_deref().is_none_or(|prefix| subject.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_types_and_subjects() {
        for (types, subject, event_type, about, expected) in [
            ("link.down", None, "link.down", "x", true),
            ("link.down", None, "link.down2", "x", false),
            ("link.*, device.added", None, "link.up", "x", true),
            ("link.*", None, "linkage.up", "x", false),
            ("", None, "any", "x", true),
            ("*", Some("atlas/devices/"), "any", "atlas/devices/1", true),
            ("*", Some("atlas/devices/"), "any", "atlas/links/1", false),
        ] {
            let filter = Filter::parse(types, subject).unwrap();
            assert_eq!(filter.matches(event_type, about), expected, "{types} {event_type} {about}");
        }
        for bad in ["a'b", "*.x", "a*b", &"x".repeat(101), &"a,".repeat(51)] {
            assert_eq!(Filter::parse(bad, None).unwrap_err().errors[0].pointer, "?types", "{bad}");
        }
    }
}
