//! Filters of the change log: each parameter of the contract as a condition on our change log. `object_repr`
//! and `q` look at the text that the log keeps of a record, which for some types is shorter than the one shown
//! (the name of a device without its asset tag).

use std::collections::{BTreeMap, HashSet};

use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Records};
use serde_json::Value;
use uuid::Uuid;

use super::contract::Endpoint;
use super::errors::{Errors, Refusal, add};
use super::filter::{Wrong, date_time, not_available, numbers, operator};
use super::given::{Given, NUMBERS, ONE_OF, Parameters, TEXTS, among, is_one};
use super::object_types;
use super::query::Pairs;

/// The record type of who changes things.
pub(super) const USER: &str = "platform.user";
/// Users that a part of a name may mean.
const MAX_USERS: usize = 10_000;
const PARAMETERS: Parameters = &[
    ("id", NUMBERS),
    ("user", ONE_OF),
    ("user_id", ONE_OF),
    ("user_name", TEXTS),
    ("request_id", &[]),
    ("action", TEXTS),
    ("changed_object_type", ONE_OF),
    ("changed_object_type_id", ONE_OF),
    ("changed_object_id", NUMBERS),
    ("related_object_type", ONE_OF),
    ("related_object_id", NUMBERS),
    ("object_repr", TEXTS),
    ("q", &[]),
    ("time_after", &[]),
    ("time_before", &[]),
];
/// What is done to records.
pub(super) static ACTIONS: [(&str, &str); 3] =
    [("create", "Created"), ("update", "Updated"), ("delete", "Deleted")];

/// All filters of a request.
pub(super) async fn conditions(records: &dyn Records, ctx: &Ctx, pairs: &Pairs) -> Result<Where, Refusal> {
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        given.entry(name).or_default().push(value);
    }
    let (mut all, mut errors) = (Vec::new(), Errors::new());
    for (parameter, values) in given {
        let Some((name, suffix)) = among(PARAMETERS, parameter) else { continue };
        if values.iter().any(|value| value.contains('\0')) {
            add(&mut errors, parameter, "Null characters are not allowed.");
            continue;
        }
        let asked = Asked { records, ctx, given: Given { suffix, values } };
        match asked.condition(name).await {
            Ok(condition) => all.push(condition),
            Err(Wrong::Value(message)) => add(&mut errors, parameter, message),
            Err(Wrong::Refused(refusal)) => return Err(refusal),
        }
    }
    if errors.is_empty() { Ok(Where::All(all)) } else { Err(Refusal::fields(errors)) }
}

/// One parameter with its values, none of them empty.
struct Asked<'a> {
    records: &'a dyn Records,
    ctx: &'a Ctx,
    given: Given<'a>,
}

impl Asked<'_> {
    async fn condition(&self, name: &str) -> Result<Where, Wrong> {
        Ok(match name {
            "id" => self.given.number("number")?,
            "changed_object_id" => self.given.number("record_number")?,
            // A change here has no second object.
            "related_object_id" => {
                numbers(&self.given.values)?;
                self.given.signed(Where::Any(Vec::new()))
            }
            "related_object_type" => self.given.signed(Where::Any(Vec::new())),
            "object_repr" => self.given.text("display"),
            "action" => self.action()?,
            "request_id" => self.request()?,
            "time_after" => self.time("gte")?,
            "time_before" => self.time("lte")?,
            "changed_object_type" => {
                let kinds = self.given.values.iter().filter_map(|kind| Endpoint::of_kind(kind));
                self.of_models(kinds)
            }
            "changed_object_type_id" => {
                let mut kinds = Vec::with_capacity(self.given.values.len());
                for value in &self.given.values {
                    let endpoint = value.parse().ok().and_then(object_types::by_id);
                    kinds.push(endpoint.ok_or_else(|| not_available(value))?);
                }
                self.of_models(kinds.into_iter())
            }
            "user" => self.user("name").await?,
            "user_id" => self.user("number").await?,
            "user_name" => self.user_name().await?,
            _ => self.search().await?,
        })
    }

    fn action(&self) -> Result<Where, Wrong> {
        let known = |value: &&str| ACTIONS.iter().any(|(action, _)| action == value);
        match self.given.values.iter().find(|value| !known(value)) {
            Some(wrong) if matches!(self.given.suffix, "" | "n") => Err(not_available(wrong)),
            _ => Ok(self.given.text("action")),
        }
    }

    fn request(&self) -> Result<Where, Wrong> {
        let wrong = |_| Wrong::Value("Enter a valid UUID.".to_owned());
        let last = self.given.values.last().copied().unwrap_or_default();
        let id = Uuid::parse_str(last).map_err(wrong)?;
        Ok(Where::is("request_id", "eq", id.to_string()))
    }

    fn time(&self, op: &'static str) -> Result<Where, Wrong> {
        let last = self.given.values.last().copied().unwrap_or_default();
        Ok(Where::is("created_at", op, date_time(last)?))
    }

    fn of_models(&self, endpoints: impl Iterator<Item = &'static Endpoint>) -> Where {
        let models = endpoints.map(|endpoint| endpoint.model.clone()).collect();
        self.given.signed(is_one("model", "eq", models))
    }

    /// Users that match. Who may read changes sees who made them: no right of its own.
    async fn users(&self, filter: Where) -> Result<Vec<Record>, Wrong> {
        let Some(model) = self.records.model(USER) else { return Ok(Vec::new()) };
        let sort = Some("number".to_owned());
        let mut ask = Ask { filter, sort, implied: true, ..Ask::default() };
        let mut found = Vec::new();
        loop {
            let page = self.records.find(self.ctx, model, &ask).await;
            let page = page.map_err(|problem| Wrong::Refused(problem.into()))?.records;
            let full = page.len() >= ask.limit as usize;
            found.extend(page);
            if !full {
                return Ok(found);
            }
            if found.len() >= MAX_USERS {
                return Err(Wrong::Value(format!(
                    "More than {MAX_USERS} users match. Write more of the name."
                )));
            }
            ask.offset += u64::from(ask.limit);
        }
    }

    /// Changes of users.
    fn by(users: &[Record]) -> Where {
        let id = |user: &Record| user.get("id").and_then(Value::as_str).map(str::to_owned);
        is_one("actor_id", "eq", users.iter().filter_map(id).collect())
    }

    /// By users that must exist; `null`: by none.
    async fn user(&self, column: &str) -> Result<Where, Wrong> {
        let values: Vec<&str> = self.given.values.iter().copied().filter(|value| *value != "null").collect();
        let wrong = values.iter().find(|value| column == "number" && value.parse::<i64>().is_err());
        if let Some(wrong) = wrong {
            return Err(Wrong::Value(format!("\u{201c}{wrong}\u{201d} is not a valid value.")));
        }
        let mut any = Vec::new();
        if !values.is_empty() {
            let owned = values.iter().map(|value| (*value).to_owned()).collect();
            let users = self.users(is_one(column, "eq", owned)).await?;
            let named = |user: &Record| match user.get(column) {
                Some(Value::String(name)) => name.to_lowercase(),
                other => other.map(ToString::to_string).unwrap_or_default(),
            };
            let found: HashSet<String> = users.iter().map(named).collect();
            if let Some(wrong) = values.iter().find(|value| !found.contains(&value.to_lowercase())) {
                return Err(not_available(wrong));
            }
            any.push(Self::by(&users));
        }
        if values.len() < self.given.values.len() {
            any.push(Where::is("actor_id", "isnull", "true"));
        }
        Ok(self.given.signed(Where::Any(any)))
    }

    /// By the name of a user, or of a part of the server.
    async fn user_name(&self) -> Result<Where, Wrong> {
        if self.given.suffix == "empty" {
            let nobody = Where::is("actor_id", "isnull", "true");
            let nameless = Where::All(vec![nobody, Where::is("actor_name", "isnull", "true")]);
            let yes = matches!(self.given.values.last(), Some(&("true" | "True" | "1")));
            return Ok(if yes { nameless } else { Where::Not(Box::new(nameless)) });
        }
        let op = operator(self.given.suffix).0;
        let users = self.users(is_one("name", op, self.given.owned())).await?;
        Ok(self
            .given
            .signed(Where::Any(vec![Self::by(&users), is_one("actor_name", op, self.given.owned())])))
    }

    /// A part of the name of who did it, or of what was changed.
    async fn search(&self) -> Result<Where, Wrong> {
        let word = self.given.values.last().copied().unwrap_or_default().trim();
        if word.is_empty() {
            return Ok(Where::All(Vec::new()));
        }
        let has = |field: &str| Where::is(field, "contains", word);
        let users = self.users(has("name")).await?;
        Ok(Where::Any(vec![Self::by(&users), has("actor_name"), has("display")]))
    }
}

#[cfg(test)]
mod tests {
    use super::{PARAMETERS, among};

    #[test]
    fn parameters() {
        let known = |parameter| among(PARAMETERS, parameter);
        assert_eq!(known("id__gte"), Some(("id", "gte")));
        assert_eq!(known("changed_object_type_id"), Some(("changed_object_type_id", "")));
        assert_eq!(known("user_name__nic"), Some(("user_name", "nic")));
        for unknown in ["time", "time__gt", "request_id__n", "limit", "id__ic", "q__n"] {
            assert_eq!(known(unknown), None, "{unknown}");
        }
    }
}
