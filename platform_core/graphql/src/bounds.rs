//! Bounds of a query that hold before anything is loaded.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use kit::graphql::Limits;

/// What the query is too much of, if it is.
pub(crate) fn broken(document: &ExecutableDocument, operation: &Operation, limits: Limits) -> Option<String> {
    if let Some(allowed) = limits.aliases {
        let sets = std::iter::once(&operation.selection_set)
            .chain(document.fragments.values().map(|fragment| &fragment.selection_set));
        let found: usize = sets.map(aliases).sum();
        if found > allowed {
            return Some(format!("{found} aliases found. Allowed: {allowed}"));
        }
    }
    let mut walk = Walk { document, limits, fields: 0 };
    walk.set(&operation.selection_set, 1)
}

/// Aliases in a selection set and what is written inside of it.
fn aliases(set: &SelectionSet) -> usize {
    let of = |selection: &Selection| match selection {
        Selection::Field(field) => usize::from(field.alias.is_some()) + aliases(&field.selection_set),
        Selection::InlineFragment(fragment) => aliases(&fragment.selection_set),
        Selection::FragmentSpread(_) => 0,
    };
    set.selections.iter().map(of).sum()
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    limits: Limits,
    fields: usize,
}

impl Walk<'_> {
    /// Ends with the first bound that is broken, so that fragments within fragments cost no more than it.
    fn set(&mut self, set: &SelectionSet, depth: usize) -> Option<String> {
        if depth > self.limits.depth {
            let most = self.limits.depth;
            return Some(format!(
                "This query is nested deeper than {most} levels. Ask for what lies deeper in a second query."
            ));
        }
        for selection in &set.selections {
            self.fields += 1;
            if self.fields > self.limits.fields {
                let most = self.limits.fields;
                return Some(format!(
                    "This query selects more than {most} fields. Select fewer, or ask in several queries."
                ));
            }
            let broken = match selection {
                // Introspection is bounded by itself.
                Selection::Field(field) if field.name.starts_with("__") => None,
                Selection::Field(field) if field.selection_set.is_empty() => None,
                Selection::Field(field) => self.set(&field.selection_set, depth + 1),
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set, depth),
                Selection::FragmentSpread(spread) => match self.document.fragments.get(&spread.fragment_name)
                {
                    Some(fragment) => self.set(&fragment.selection_set, depth),
                    None => None,
                },
            };
            if broken.is_some() {
                return broken;
            }
        }
        None
    }
}
