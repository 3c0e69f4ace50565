//! What is made from templates: configurations of devices, exports of lists; and saved filters.

use std::collections::{BTreeSet, HashMap};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::files::{self, Holds};
use kit::permission::Act;
use kit::record::{FieldKind, Model, Record};
use kit::records::{Ask, Where, Write};
use kit::templates::{Rendering, Templates};
use kit::{Ctx, Permission, Problem, Records, Services};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::contract::Endpoint;
use super::errors::Refusal;
use super::objects::{Call, answer};
use super::query::{self, Pairs};
use crate::contexts;
use crate::reading::{Reader, id_of, reference, reference_id};

const CONFIG_TEMPLATE: &str = "platform.config_template";
const EXPORT_TEMPLATE: &str = "platform.export_template";
const SAVED_FILTER: &str = "platform.saved_filter";
/// How many references templates see from a device on: the region of its site.
const DEPTH: usize = 3;
/// The same from a record of a list.
const LIST_DEPTH: usize = 2;
/// Records of one export.
const MAX_EXPORTED: usize = 10_000;
/// Saved filters of one request.
const MAX_FILTERS: usize = 20;
const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

/// 400 with the error of a template.
fn failed(problem: Problem) -> Refusal {
    match problem.code {
        "template" => Refusal::detail(StatusCode::BAD_REQUEST, problem.detail),
        _ => problem.into(),
    }
}

impl Call<'_> {
    /// POST `devices/1/render-config/`: the template of the device, of its role, or of its platform.
    pub(super) async fn render_config(
        &self,
        templates: &dyn Templates,
        number: i64,
        given: Value,
        headers: &HeaderMap,
    ) -> Result<Response, Refusal> {
        let object = self.object(number).await?;
        let template = self.template_of(&object).await?.ok_or_else(|| {
            let kind = self.endpoint.kind.rsplit('.').next().unwrap_or_default();
            let text = format!("No config template found for this {kind}.");
            Refusal { status: StatusCode::BAD_REQUEST, body: json!({ "error": text }) }
        })?;
        let data = contexts::of(self.records, self.ctx, std::slice::from_ref(&object)).await?;
        let mut context = match id_of(&object).and_then(|id| data.get(&id).cloned()) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        context.extend(members(given)?);
        let (id, machine) = (id_of(&object), self.endpoint.kind == "virtualization.virtualmachine");
        let mut shown = expanded(self.records, self.ctx, self.model, vec![object], DEPTH).await?;
        let mut shown = shown.pop().unwrap_or_default();
        if let (Some(id), false) = (id, machine) {
            shown.insert("interfaces".to_owned(), interfaces(self.records, self.ctx, id).await?);
        }
        context.insert("device".to_owned(), Value::Object(shown.clone()));
        if machine {
            context.insert("virtualmachine".to_owned(), Value::Object(shown));
        }
        self.rendered(templates, &template, Value::Object(context), headers).await
    }

    /// POST `config-templates/1/render/`: over what is given.
    pub(super) async fn render_template(
        &self,
        templates: &dyn Templates,
        number: i64,
        given: Value,
        headers: &HeaderMap,
    ) -> Result<Response, Refusal> {
        let template = self.object(number).await?;
        self.rendered(templates, &template, Value::Object(members(given)?), headers).await
    }

    async fn template_of(&self, object: &Record) -> Result<Option<Record>, Problem> {
        let mut id = reference(object, "config_template");
        for (field, model) in [("role", "inventory.device_role"), ("platform", "inventory.platform")] {
            let (None, Some(next)) = (id, reference(object, field)) else { continue };
            let found = self.records.referenced(self.ctx, &[(model, vec![next])]).await?;
            let record = found.get(model).and_then(|found| found.get(&next));
            id = record.and_then(|record| reference(record, "config_template"));
        }
        let Some(id) = id else { return Ok(None) };
        let mut found = self.records.referenced(self.ctx, &[(CONFIG_TEMPLATE, vec![id])]).await?;
        Ok(found.get_mut(CONFIG_TEMPLATE).and_then(|found| found.remove(&id)))
    }

    async fn rendered(
        &self,
        templates: &dyn Templates,
        template: &Record,
        context: Value,
        headers: &HeaderMap,
    ) -> Result<Response, Refusal> {
        let content = text_of(templates, template, context).await.map_err(failed)?;
        let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        if accept.starts_with("text/plain") {
            let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(PLAIN_TEXT))];
            return Ok((kind, content).into_response());
        }
        let short = match Endpoint::of_model(CONFIG_TEMPLATE) {
            Some(endpoint) => self.short(endpoint, template).await?,
            None => "null".to_owned(),
        };
        let body = format!("{{\"configtemplate\":{short},\"content\":{}}}", json!(content));
        Ok(answer(StatusCode::OK, body.into_bytes()))
    }

    /// GET of a list with `?export=NAME`.
    pub(super) async fn export(&self, templates: &dyn Templates, name: &str) -> Result<Response, Refusal> {
        let template = self.export_template(name).await?;
        let list = query::list(self.records, self.ctx, self.endpoint, self.model, self.pairs).await?;
        let mut ask = Ask { offset: 0, limit: 1_000, count: false, ..list.ask };
        let mut all = Vec::new();
        loop {
            let page = self.records.find(self.ctx, self.model, &ask).await?.records;
            let full = page.len() == 1_000;
            all.extend(page);
            if all.len() > MAX_EXPORTED {
                let text = format!("An export has at most {MAX_EXPORTED} objects. Filter the list.");
                return Err(Refusal::detail(StatusCode::BAD_REQUEST, text));
            }
            if !full {
                break;
            }
            ask.offset += 1_000;
        }
        let all = expanded(self.records, self.ctx, self.model, all, LIST_DEPTH).await?;
        let content = text_of(templates, &template, json!({ "queryset": all })).await.map_err(failed)?;
        Ok(self.download(&template, content))
    }

    async fn export_template(&self, name: &str) -> Result<Record, Refusal> {
        let none = || {
            let text = format!("There is no export template {name:?} for these objects.");
            Refusal::detail(StatusCode::NOT_FOUND, text)
        };
        let model = self.records.model(EXPORT_TEMPLATE).ok_or_else(none)?;
        let tests = vec![Where::is("name", "eq", name), Where::is("object_types", "eq", self.model.name)];
        let ask = Ask { filter: Where::All(tests), limit: 1, ..Ask::default() };
        self.records.find(self.ctx, model, &ask).await?.records.pop().ok_or_else(none)
    }

    fn download(&self, template: &Record, content: String) -> Response {
        let text = |field: &str| template.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        let kind = text("mime_type").and_then(|kind| HeaderValue::from_str(kind).ok());
        let kind = kind.unwrap_or_else(|| HeaderValue::from_static(PLAIN_TEXT));
        let list = self.endpoint.path.rsplit('/').next().unwrap_or_default();
        let name =
            text("file_name").map_or_else(|| format!("netbox_{}", list.replace('-', "_")), str::to_owned);
        let extension = text("file_extension").map(|extension| format!(".{extension}")).unwrap_or_default();
        let mut response = ([(header::CONTENT_TYPE, kind)], Body::from(content)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // Whatever a template makes, it does not run here.
        headers
            .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
        let plain = |c: char| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '/') { c } else { '_' };
        let name: String = format!("{name}{extension}").chars().map(plain).collect();
        let attached = template.get("as_attachment") != Some(&Value::Bool(false));
        if let (true, Ok(value)) =
            (attached, HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")))
        {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}

impl Call<'_> {
    /// POST `sync/`: a source is read again by a job, what follows a file takes it over at once.
    pub(super) async fn sync(&self, services: &Services, number: i64) -> Result<Response, Refusal> {
        let object = self.object(number).await?;
        let id = id_of(&object).unwrap_or_default();
        let field =
            ["template_code", "data", "schema"].into_iter().find(|name| self.model.field(name).is_some());
        match (field, reference(&object, "data_file")) {
            (None, _) => files::synchronise(services, self.ctx, id).await?,
            (Some(_), None) => drop(self.ctx.authorize(Permission::new(self.model.permission, Act::Write))?),
            (Some(field), Some(file)) => {
                let granted = self.ctx.authorize(Permission::new(self.model.permission, Act::Write))?;
                let holds = if field == "template_code" { Holds::Text } else { Holds::Object };
                let found = self.records.referenced(self.ctx, &[(files::DATA_FILE, vec![file])]).await?;
                let file = found.get(files::DATA_FILE).and_then(|found| found.get(&file));
                let fields = files::fields(file.unwrap_or(&Record::new()), field, holds);
                let fields = fields.map_err(|message| Refusal::field("data_file", message))?;
                let mut tx = self.ctx.write(granted).await?;
                let write = Write::Change { id, expect: None, fields, replace: false };
                self.records.write_in(&mut tx, self.model, vec![write]).await?;
                tx.commit().await?;
            }
        }
        self.read(number).await
    }
}

async fn text_of(templates: &dyn Templates, template: &Record, context: Value) -> Result<String, Problem> {
    let mut code = template.get("template_code").and_then(Value::as_str).unwrap_or_default().to_owned();
    // Other systems end lines by two characters.
    code = code.replace("\r\n", "\n");
    let params = match template.get("environment_params") {
        Some(Value::Object(params)) => params.clone(),
        _ => Map::new(),
    };
    let texts = templates.render(Rendering { codes: vec![code], params, context }).await?;
    Ok(texts.into_iter().next().unwrap_or_default())
}

fn members(given: Value) -> Result<Map<String, Value>, Refusal> {
    match given {
        Value::Object(members) => Ok(members),
        _ => Err(Refusal::detail(StatusCode::BAD_REQUEST, "Give the values of the template as an object.")),
    }
}

/// Records with what they refer to in place of references, as deep as templates look.
async fn expanded(
    records: &dyn Records,
    ctx: &Ctx,
    model: &'static Model,
    mut items: Vec<Record>,
    depth: usize,
) -> Result<Vec<Record>, Problem> {
    let mut known: HashMap<Uuid, (&'static Model, Record)> = HashMap::new();
    let mut level: Vec<(&'static str, Uuid)> = items.iter().flat_map(|item| named(model, item)).collect();
    for _ in 0..depth {
        let mut wanted: HashMap<&'static str, BTreeSet<Uuid>> = HashMap::new();
        for (model, id) in level.drain(..).filter(|(_, id)| !known.contains_key(id)) {
            wanted.entry(model).or_default().insert(id);
        }
        let wanted: Vec<(&'static str, Vec<Uuid>)> =
            wanted.into_iter().map(|(model, ids)| (model, ids.into_iter().collect())).collect();
        if wanted.is_empty() {
            break;
        }
        for (name, found) in records.referenced(ctx, &wanted).await? {
            let Some(model) = records.model(name) else { continue };
            for (id, record) in found {
                level.extend(named(model, &record));
                known.insert(id, (model, record));
            }
        }
    }
    for item in &mut items {
        replaced(model, item, &known, depth);
    }
    Ok(items)
}

/// What a record refers to by fields that templates follow. Secrets are never among them.
fn named(model: &'static Model, record: &Record) -> Vec<(&'static str, Uuid)> {
    let mut found = Vec::new();
    for field in model.fields {
        let Some(value) = record.get(field.name) else { continue };
        match field.kind {
            FieldKind::Reference { model, .. } if followed(model) => {
                found.extend(reference_id(value).map(|id| (model, id)));
            }
            FieldKind::References { model } if followed(model) => {
                let items = value.as_array().into_iter().flatten();
                found.extend(items.filter_map(|item| Some((model, reference_id(item)?))));
            }
            _ => {}
        }
    }
    found
}

/// Users and what else belongs to the platform stay short, but for tags.
fn followed(model: &str) -> bool {
    model.starts_with("inventory.") || model == "platform.tag"
}

fn replaced(
    model: &'static Model,
    record: &mut Record,
    known: &HashMap<Uuid, (&'static Model, Record)>,
    depth: usize,
) {
    if depth == 0 {
        return;
    }
    let whole = |value: &Value| -> Option<Value> {
        let (model, found) = known.get(&reference_id(value)?)?;
        let mut found = found.clone();
        replaced(model, &mut found, known, depth - 1);
        Some(Value::Object(found))
    };
    for field in model.fields {
        let Some(value) = record.get_mut(field.name) else { continue };
        match (field.kind, value) {
            (FieldKind::Reference { .. }, value) => {
                if let Some(target) = whole(value) {
                    *value = target;
                }
            }
            (FieldKind::References { .. }, Value::Array(items)) => {
                for item in items {
                    if let Some(target) = whole(item) {
                        *item = target;
                    }
                }
            }
            _ => {}
        }
    }
    // Their names where clients come from.
    if let Some(tenant) = record.get("assigned_tenant").cloned() {
        record.insert("tenant".to_owned(), tenant);
    }
    if let Some(number) = record.get("number").cloned() {
        record.insert("id".to_owned(), number);
    }
}

/// The interfaces of a device with their addresses.
async fn interfaces(records: &dyn Records, ctx: &Ctx, device: Uuid) -> Result<Value, Problem> {
    let mut reader = Reader::Of(ctx);
    let mut found =
        reader.listed(records, "inventory.interface", "device", &BTreeSet::from([device])).await?;
    let ids: BTreeSet<Uuid> = found.iter().filter_map(id_of).collect();
    let addresses = reader.listed(records, "inventory.ip_address", "assigned_object_id", &ids).await?;
    for interface in &mut found {
        let id = id_of(interface);
        let own =
            addresses.iter().filter(|address| id.is_some() && reference(address, "assigned_object") == id);
        let own: Vec<Value> = own.cloned().map(Value::Object).collect();
        interface.insert("ip_addresses".to_owned(), Value::Array(own));
    }
    Ok(found.into_iter().map(Value::Object).collect())
}

/// The parameters with those of the saved filters that they name. What is given itself comes after,
/// and all of it counts.
pub(super) async fn with_saved(
    records: &dyn Records,
    ctx: &Ctx,
    model: &'static Model,
    pairs: Vec<(String, String)>,
) -> Result<Vec<(String, String)>, Refusal> {
    let given = |name: &str| -> Vec<String> {
        pairs.iter().filter(|(other, _)| other == name).map(|(_, value)| value.clone()).collect()
    };
    let (slugs, numbers) = (given("filter"), given("filter_id"));
    let Some(filters) = records.model(SAVED_FILTER).filter(|_| !slugs.is_empty() || !numbers.is_empty())
    else {
        return Ok(pairs);
    };
    if slugs.len() + numbers.len() > MAX_FILTERS {
        let text = format!("At most {MAX_FILTERS} saved filters in one request.");
        return Err(Refusal::detail(StatusCode::BAD_REQUEST, text));
    }
    let numbers: Vec<String> = numbers.into_iter().filter(|number| number.parse::<i64>().is_ok()).collect();
    let mut any = Vec::new();
    for (field, values) in [("slug", slugs), ("number", numbers)] {
        if !values.is_empty() {
            any.push(Where::Is { field: field.to_owned(), op: "eq", values });
        }
    }
    let me = ctx.actor().id().map(|id| id.to_string()).unwrap_or_default();
    let mine = Where::Any(vec![Where::is("shared", "eq", "true"), Where::is("user", "eq", me)]);
    let mine = if ctx.actor().id().is_some() { mine } else { Where::is("shared", "eq", "true") };
    let tests = vec![
        Where::Any(any),
        mine,
        Where::is("object_types", "eq", model.name),
        Where::is("enabled", "eq", "true"),
    ];
    let ask = Ask { filter: Where::All(tests), limit: MAX_FILTERS as u32, ..Ask::default() };
    let mut all = Vec::new();
    for filter in records.find(ctx, filters, &ask).await?.records {
        let Some(Value::Object(parameters)) = filter.get("parameters") else { continue };
        for (name, value) in parameters {
            match value {
                Value::Array(items) => all.extend(items.iter().map(|item| (name.clone(), plain(item)))),
                value => all.push((name.clone(), plain(value))),
            }
        }
    }
    all.extend(pairs.into_iter().filter(|(name, _)| name != "filter" && name != "filter_id"));
    Ok(all)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Does the request ask for an export?
pub(super) fn export_of(pairs: &Pairs) -> Option<&str> {
    query::last(pairs, "export").filter(|name| !name.is_empty())
}
