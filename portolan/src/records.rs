//! `portolan get`, `find`, `set`: records over the native API, as thin as can be. What there is, and of
//! which type its fields are, is asked of the server.

use clap::Args;
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::client::{Client, ServerArgs, cell, table};

/// Records of one request.
const PAGE: usize = 200;
/// Comparisons, longest first: what is typed, and what the API calls it.
static COMPARISONS: [(&str, &str); 9] = [
    ("!=", "__ne="),
    ("~=", "__contains="),
    ("^=", "__startswith="),
    ("$=", "__endswith="),
    (">=", "__gte="),
    ("<=", "__lte="),
    (">", "__gt="),
    ("<", "__lt="),
    ("=", "="),
];

/// One record.
#[derive(Args)]
pub(crate) struct GetArgs {
    /// inventory/devices/NAME, or devices/NAME; the id or the number will do as well.
    #[arg(value_name = "RECORD")]
    record: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// Records that match.
#[derive(Args)]
pub(crate) struct FindArgs {
    /// devices, or inventory/devices.
    #[arg(value_name = "RECORDS")]
    records: String,
    /// Like name~=core, site.name=alpha, status!=active: = != ~= (contains) ^= $= (begins, ends) < <= > >=
    #[arg(value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Fields to show, in this order.
    #[arg(long, value_delimiter = ',', value_name = "FIELD,...")]
    fields: Vec<String>,
    /// The order, like -updated_at,name
    #[arg(long, value_name = "FIELD,...")]
    sort: Option<String>,
    /// Records at most.
    #[arg(long, default_value_t = 100, value_name = "COUNT")]
    limit: usize,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// A change of one record.
#[derive(Args)]
pub(crate) struct SetArgs {
    /// inventory/devices/NAME, or devices/NAME; the id or the number will do as well.
    #[arg(value_name = "RECORD")]
    record: String,
    /// Like status=planned or rack=R1; nothing behind = empties the field; := takes JSON.
    #[arg(value_name = "FIELD=VALUE", required = true)]
    values: Vec<String>,
    /// Check only.
    #[arg(long)]
    dry_run: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// `portolan get`.
pub(crate) async fn get(args: GetArgs) -> Result<(), Failure> {
    let client = Client::connect(&args.server).await?;
    let models = models(&client).await?;
    let (model, key) = split(&models, &args.record)?;
    let record = one(&client, model, key).await?;
    show(model, &record, args.json)
}

/// `portolan set`.
pub(crate) async fn set(args: SetArgs) -> Result<(), Failure> {
    let client = Client::connect(&args.server).await?;
    let models = models(&client).await?;
    let (model, key) = split(&models, &args.record)?;
    let changes = args.values.iter().map(|text| assignment(model, text));
    let changes = Value::Object(changes.collect::<Result<Map<String, Value>, Failure>>()?);
    let record = one(&client, model, key).await?;
    let dry_run = if args.dry_run { "?dry_run=true" } else { "" };
    let path = format!("{}/{}{dry_run}", cell(model, "path"), cell(&record, "id"));
    let record = client.call(Method::PATCH, &path, Some(&changes)).await?;
    show(model, &record, args.json)
}

/// `portolan find`.
pub(crate) async fn find(args: FindArgs) -> Result<(), Failure> {
    let client = Client::connect(&args.server).await?;
    let models = models(&client).await?;
    let model = named(&models, &args.records).ok_or_else(|| unknown(&models, &args.records))?;
    let mut parameters = Vec::new();
    for condition in &args.conditions {
        parameters.push(parameter(condition)?);
    }
    parameters.extend(args.sort.iter().map(|sort| format!("sort={}", encoded(sort))));
    if !args.fields.is_empty() {
        parameters.push(format!("fields={}", encoded(&args.fields.join(","))));
    }
    let mut records = Vec::new();
    let mut cursor = String::new();
    while records.len() < args.limit {
        let limit = PAGE.min(args.limit - records.len());
        let mut all = parameters.clone();
        all.push(format!("limit={limit}"));
        if !cursor.is_empty() {
            all.push(format!("cursor={}", encoded(&cursor)));
        }
        let mut page = client.get(&format!("{}?{}", cell(model, "path"), all.join("&"))).await?;
        if let Value::Array(items) = page["items"].take() {
            records.extend(items);
        }
        cursor = cell(&page, "next_cursor");
        if cursor.is_empty() {
            break;
        }
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&records)?);
        return Ok(());
    }
    let columns = if args.fields.is_empty() { listed(model) } else { args.fields.clone() };
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows =
        records.iter().map(|record| columns.iter().map(|column| text(&record[*column])).collect()).collect();
    println!("{}", table(&columns, rows));
    if !cursor.is_empty() {
        eprintln!("There are more; --limit COUNT shows them.");
    }
    Ok(())
}

async fn models(client: &Client) -> Result<Vec<Value>, Failure> {
    let mut document = client.get("/api/v1/meta/models").await?;
    Ok(if let Value::Array(models) = document["models"].take() { models } else { Vec::new() })
}

/// `devices` or `inventory/devices`; a collection that several products have must say which.
fn named<'a>(models: &'a [Value], name: &str) -> Option<&'a Value> {
    let name = name.trim_matches('/');
    let matching: Vec<&Value> = models
        .iter()
        .filter(|model| {
            let (product, collection) = (cell(model, "product"), cell(model, "collection"));
            name == collection || name == format!("{product}/{collection}")
        })
        .collect();
    if let [one] = matching.as_slice() { Some(*one) } else { None }
}

fn unknown(models: &[Value], name: &str) -> Failure {
    let near = models.iter().map(|model| format!("{}/{}", cell(model, "product"), cell(model, "collection")));
    let near: Vec<String> =
        near.filter(|known| name.chars().count() > 2 && known.contains(name.trim_matches('/'))).collect();
    let hint = if near.is_empty() {
        "`portolan find` takes the names that the API has below /api/v1".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Failure::new(format!("there are no records called {name}, or several kinds are: {hint}"))
}

/// The model and the key of `inventory/devices/NAME`. A name may hold slashes.
fn split<'a, 'b>(models: &'a [Value], record: &'b str) -> Result<(&'a Value, &'b str), Failure> {
    let record = record.trim_start_matches('/');
    let cuts = record.match_indices('/').map(|(at, _)| at).take(2).collect::<Vec<_>>();
    for at in cuts.into_iter().rev() {
        let (name, key) = (&record[..at], &record[at + 1..]);
        if let Some(model) = named(models, name).filter(|_| !key.is_empty()) {
            return Ok((model, key));
        }
    }
    Err(unknown(models, record.split('/').next().unwrap_or(record)))
}

/// The record with this id, number or name.
async fn one(client: &Client, model: &Value, key: &str) -> Result<Value, Failure> {
    let path = cell(model, "path");
    if is_uuid(key) {
        return client.get(&format!("{path}/{key}")).await;
    }
    let by = |field: &str| format!("{path}?{field}={}&limit=2", encoded(key));
    let number = key.bytes().all(|byte| byte.is_ascii_digit()) && filters(model, "number");
    let display = cell(model, "display");
    let found = client.get(&by(if number { "number" } else { display.as_str() })).await?;
    match found["items"].as_array().map(Vec::as_slice) {
        Some([record]) => Ok(record.clone()),
        Some([_, _, ..]) => Err(Failure::new(format!(
            "several {} are called {key}: give the id",
            cell(model, "title_plural")
        ))),
        _ => Err(Failure::new(format!("there is no {} called {key}", cell(model, "title")))),
    }
}

fn filters(model: &Value, field: &str) -> bool {
    model["filters"].as_array().into_iter().flatten().any(|known| known == field)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.parse::<uuid::Uuid>().is_ok()
}

/// A condition as a query parameter.
fn parameter(condition: &str) -> Result<String, Failure> {
    let found = COMPARISONS
        .iter()
        .filter_map(|(typed, op)| Some((condition.find(*typed)?, typed, op)))
        .min_by_key(|(at, typed, _)| (*at, usize::MAX - typed.len()));
    let Some((at, typed, op)) = found.filter(|(at, ..)| *at > 0) else {
        return Err(Failure::new(format!("{condition}: a condition is like name~=core or status=active")));
    };
    Ok(format!("{}{op}{}", encoded(&condition[..at]), encoded(&condition[at + typed.len()..])))
}

/// `status=planned`, in the type of the field.
fn assignment(model: &Value, text: &str) -> Result<(String, Value), Failure> {
    let wrong = || Failure::new(format!("{text}: a change is like status=planned"));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    if let Some(name) = name.strip_suffix(':') {
        let value = serde_json::from_str(value).map_err(|error| Failure::new(format!("{text}: {error}")))?;
        return Ok((name.to_owned(), value));
    }
    if name.is_empty() {
        return Err(wrong());
    }
    let fields = model["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let field = fields.iter().find(|field| field["name"] == name).unwrap_or(&Value::Null);
    Ok((name.to_owned(), typed(field, value)))
}

/// A text in the type of a field. What does not fit stays text: the server says what is wrong with it.
fn typed(field: &Value, value: &str) -> Value {
    if value.is_empty() {
        return Value::Null;
    }
    let target = &field["reference"];
    match field["type"].as_str().unwrap_or_default() {
        "integer" | "decimal" | "boolean" => serde_json::from_str(value).unwrap_or_else(|_| json!(value)),
        "reference" => named_target(target, value),
        "multi_reference" => value.split(',').map(|one| named_target(target, one.trim())).collect(),
        kind if kind.starts_with("list") => value.split(',').map(str::trim).map(Value::from).collect(),
        _ => json!(value),
    }
}

/// What a reference means: an id, or a name.
fn named_target(target: &Value, value: &str) -> Value {
    match target["display"].as_str().filter(|_| !is_uuid(value)) {
        Some(display) => json!({ display: value }),
        None => json!(value),
    }
}

fn listed(model: &Value) -> Vec<String> {
    let fields = model["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    fields.iter().filter(|field| field["list"] == true).map(|field| cell(field, "name")).collect()
}

fn show(model: &Value, record: &Value, as_json: bool) -> Result<(), Failure> {
    if as_json {
        println!("{}", serde_json::to_string_pretty(record)?);
        return Ok(());
    }
    let label = |name: &str| {
        let fields = model["fields"].as_array().into_iter().flatten();
        let label = fields.filter(|field| field["name"] == name).map(|field| cell(field, "label")).next();
        label.unwrap_or_default()
    };
    let members = record.as_object().into_iter().flatten();
    let rows = members
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| vec![name.clone(), label(name), text(value)])
        .collect();
    println!("{}", table(&["field", "", "value"], rows));
    Ok(())
}

/// A value in a cell.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(members) => match members.get("display").and_then(Value::as_str) {
            Some(display) => display.to_owned(),
            None => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// Percent-encoded for a query.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models() -> Vec<Value> {
        let field =
            |name: &str, kind: &str| json!({"name": name, "type": kind, "reference": {"display": "name"}});
        let devices = json!({"product": "inventory", "collection": "devices", "path": "/api/v1/inventory/devices",
            "fields": [field("position", "decimal"), field("site", "reference"), field("tags", "multi_reference")]});
        let twin = json!({"product": "monitoring", "collection": "targets"});
        let other = json!({"product": "exposure", "collection": "targets"});
        vec![devices, twin, other]
    }

    #[test]
    fn records_are_named_with_or_without_their_product() {
        let models = models();
        for (record, key) in [
            ("inventory/devices/sw1", Some("sw1")),
            ("devices/sw1", Some("sw1")),
            ("devices/a/b", Some("a/b")),
            ("/inventory/devices/a/b/c", Some("a/b/c")),
            ("targets/x", None),
            ("monitoring/targets/x", Some("x")),
            ("devices/", None),
            ("devices", None),
        ] {
            assert_eq!(split(&models, record).ok().map(|(_, key)| key), key, "{record}");
        }
    }

    #[test]
    fn conditions_become_parameters() {
        for (condition, wanted) in [
            ("name=sw1", "name=sw1"),
            ("name~=core 1", "name__contains=core%201"),
            ("site.name!=a=b", "site.name__ne=a%3Db"),
            ("position>=3", "position__gte=3"),
            ("position<3", "position__lt=3"),
            ("name__iexact=SW", "name__iexact=SW"),
        ] {
            assert_eq!(parameter(condition).ok().as_deref(), Some(wanted));
        }
        assert!(parameter("name").is_err() && parameter("=x").is_err());
    }

    #[test]
    fn values_have_the_types_of_their_fields() {
        let models = models();
        for (text, wanted) in [
            ("position=12.5", json!(12.5)),
            ("position=high", json!("high")),
            ("position=", Value::Null),
            ("site=Alpha", json!({"name": "Alpha"})),
            ("site=0192a1b2-0000-7000-8000-000000000000", json!("0192a1b2-0000-7000-8000-000000000000")),
            ("tags=a, b", json!([{"name": "a"}, {"name": "b"}])),
            ("other=x", json!("x")),
            ("other:={\"a\":1}", json!({"a": 1})),
        ] {
            assert_eq!(assignment(&models[0], text).ok().map(|(_, value)| value), Some(wanted), "{text}");
        }
        assert!(assignment(&models[0], "status").is_err() && assignment(&models[0], "x:={").is_err());
    }
}
