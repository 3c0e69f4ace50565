//! Sets of choices as records.

use kit::record::{Change, DefaultValue, Field, FieldKind, Hooks, Model, Record, Wrote};
use kit::{BoxFuture, Ctx, FieldError, Problem, WriteTx};
use serde_json::{Value, json};

use super::definition::choice_values;
use super::{apply, base, refused};
use crate::query::shown;

/// Colours of choices.
const COLORS: [&str; 13] = [
    "blue", "indigo", "purple", "pink", "red", "orange", "yellow", "green", "teal", "cyan", "gray", "black",
    "white",
];

/// Values that a field of type Selection may have.
pub static CUSTOM_FIELD_CHOICE_SET: Model = Model {
    name: "platform.custom_field_choice_set",
    table: "app.custom_field_choice_set",
    product: "platform",
    collection: "custom-field-choice-sets",
    title: "Set of choices",
    title_plural: "Sets of choices",
    description: "The values that custom fields of type Selection may have.",
    icon: "list-check",
    nav_group: Some("Settings"),
    permission: "platform/custom-field-choice-sets",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::choice("base_choices", "Known list", base::LISTS)
            .unindexed()
            .help("Its values can be chosen too."),
        Field::new("extra_choices", "Choices", FieldKind::Json)
            .required()
            .help("[[\"value\", \"Label\"], ...]; [] when a known list is all."),
        Field::new("choice_colors", "Colours", FieldKind::Json)
            .default(DefaultValue::Empty)
            .help("{\"value\": \"red\"}"),
        Field::boolean("order_alphabetically", "In the order of labels", false),
        Field::integer("choices_count", "Number of choices", 0, 1_000_000).read_only().list(),
    ],
    numbered: true,
    hooks: &Sets,
    ..Model::BASE
};

/// Choices are pairs, each value once.
struct Sets;

impl Hooks for Sets {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let choices = record.get("extra_choices").cloned().unwrap_or_default();
        let pair = |pair: &Value| {
            let pair = pair.as_array().filter(|pair| pair.len() == 2);
            pair.is_some_and(|pair| {
                pair.iter().all(|text| text.as_str().is_some_and(|text| text.len() <= 400))
            })
        };
        let Some(pairs) = choices.as_array().filter(|pairs| pairs.iter().all(pair)) else {
            let message = "Expected is a list of pairs of texts: [[\"value\", \"Label\"], ...].";
            return refused(errors, "extra_choices", "invalid", message);
        };
        let list = record.get("base_choices").and_then(Value::as_str).unwrap_or_default().to_owned();
        if pairs.is_empty() && list.is_empty() {
            let message = "Must define base or extra choices.";
            return refused(errors, "extra_choices", "no_choices", message);
        }
        let values = choice_values(&choices);
        let twice =
            values.iter().enumerate().find(|(at, value)| values.iter().take(*at).any(|v| v == *value));
        if let Some((_, value)) = twice {
            let message = format!("Duplicate value '{}' found in extra choices.", shown(value));
            refused(errors, "extra_choices", "duplicate", message);
        }
        let colors = record.get("choice_colors").and_then(Value::as_object).into_iter().flatten();
        for (value, color) in colors {
            if !values.contains(value) && !base::has(&list, value) {
                let message = format!("`{}` is none of the choices.", shown(value));
                refused(errors, "choice_colors", "invalid", message);
            } else if !color.as_str().is_some_and(|color| COLORS.contains(&color)) {
                let message = format!("A colour is one of {}.", COLORS.join(", "));
                refused(errors, "choice_colors", "invalid_choice", message);
            }
        }
        if record.get("order_alphabetically") == Some(&Value::Bool(true)) {
            let mut sorted = pairs.clone();
            sorted.sort_by_key(|pair| pair.get(1).and_then(Value::as_str).unwrap_or_default().to_owned());
            record.insert("extra_choices".to_owned(), Value::from(sorted));
        }
        record.insert("choices_count".to_owned(), json!(base::choices(&list).len() + values.len()));
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn kit::Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            for row in rows.iter().filter(|_| change == Change::Update) {
                apply::keep_used_choices(records, tx, row).await?;
            }
            Ok(())
        })
    }
}
