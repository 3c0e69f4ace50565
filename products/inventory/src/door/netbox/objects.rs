//! The operations of a list endpoint: list, read, create, change, delete, one or many.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kit::record::{Model, Record};
use kit::records::{Ask, Where, Write};
use kit::{Ctx, Records, RowAct};
use serde_json::{Value, json};

use super::contract::Endpoint;
use super::display;
use super::errors::{Errors, Refusal, add, of_object};
use super::input::{self, Input, python_type};
use super::mac::{self, Mac};
use super::parts::{Part, Rows};
use super::pool::{Pool, record_id};
use super::query;
use super::render::{Form, Writer};
use super::resolve::Resolved;
use super::{tokens, users};
use crate::reading::reference;

/// Most objects of one write.
const MAX_OBJECTS: usize = 10_000;

/// One request to an endpoint.
pub(super) struct Call<'a> {
    pub(super) records: &'a dyn Records,
    pub(super) ctx: &'a Ctx,
    pub(super) endpoint: &'static Endpoint,
    pub(super) model: &'static Model,
    /// `http://host/netbox`.
    pub(super) base: &'a str,
    pub(super) pairs: &'a query::Pairs,
    pub(super) if_match: Option<&'a str>,
}

type Answer = Result<Response, Refusal>;

/// Objects that are wrong: position and errors.
pub(super) type Wrong = Vec<(usize, Errors)>;

/// The short form of a record.
pub(super) struct Short {
    pub(super) json: String,
    /// What it is called.
    pub(super) display: String,
}

impl Short {
    /// Those of records of one endpoint, in their order.
    pub(super) async fn of_all(
        records: &dyn Records,
        ctx: &Ctx,
        base: &str,
        endpoint: &'static Endpoint,
        objects: &[Record],
    ) -> Result<Vec<Self>, kit::Problem> {
        let facts = super::pool::nested(endpoint);
        let pool = Pool::load(records, ctx, endpoint, objects, facts).await?;
        let short = |object: &Record| {
            let mut out = Vec::with_capacity(512);
            Writer { base, pool: &pool }.object(&mut out, endpoint, object, facts);
            let json = String::from_utf8_lossy(&out).into_owned();
            Self { json, display: display::of(endpoint, object, &pool) }
        };
        Ok(objects.iter().map(short).collect())
    }
}

pub(super) fn answer(status: StatusCode, body: Vec<u8>) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (status, kind, Body::from(body)).into_response()
}

/// The version of an object as clients hold it: when it was written last.
fn etag(record: &Record) -> String {
    format!("W/\"{}\"", record.get("updated_at").and_then(Value::as_str).unwrap_or_default())
}

impl Call<'_> {
    /// GET of the list.
    pub(super) async fn list(&self) -> Answer {
        let list = query::list(self.records, self.ctx, self.endpoint, self.model, self.pairs).await?;
        let found = self.records.find(self.ctx, self.model, &list.ask).await?;
        let count = found.total;
        let (next, previous) = self.neighbours(&list, count, &found.records);
        let mut body = Vec::with_capacity(256 + found.records.len() * 1_024);
        body.extend_from_slice(json!({ "count": count }).to_string().trim_end_matches('}').as_bytes());
        body.extend_from_slice(
            format!(",\"next\":{},\"previous\":{},\"results\":", json!(next), json!(previous)).as_bytes(),
        );
        self.write_list(&mut body, &found.records, &list.form).await?;
        body.push(b'}');
        Ok(answer(StatusCode::OK, body))
    }

    /// The addresses of the pages behind and before.
    fn neighbours(
        &self,
        list: &query::List,
        count: Option<u64>,
        records: &[Record],
    ) -> (Option<String>, Option<String>) {
        let last = records.last().filter(|_| records.len() == list.limit as usize);
        let last = last.and_then(|record| record.get("number")?.as_u64());
        let address = query::Address { base: self.base, path: &self.endpoint.path, pairs: self.pairs };
        address.around(list.paging, list.limit, count, last)
    }

    /// The short form of a record, as JSON.
    pub(super) async fn short(
        &self,
        endpoint: &'static Endpoint,
        record: &Record,
    ) -> Result<String, Refusal> {
        let records = std::slice::from_ref(record);
        let mut shorts = Short::of_all(self.records, self.ctx, self.base, endpoint, records).await?;
        Ok(shorts.pop().map(|short| short.json).unwrap_or_default())
    }

    /// The short form of what a field refers to, as JSON.
    pub(super) async fn short_of(&self, record: &Record, field: &str) -> Result<String, Refusal> {
        let target = self.endpoint.fact_of(field).and_then(|fact| fact.to.as_deref()).and_then(Endpoint::at);
        let id = reference(record, field);
        let (Some(target), Some(id)) = (target, id) else { return Ok("null".to_owned()) };
        let wanted = [(target.model.as_str(), vec![id])];
        let found = self.records.referenced(self.ctx, &wanted).await?;
        match found.get(target.model.as_str()).and_then(|found| found.get(&id)) {
            Some(record) => self.short(target, record).await,
            None => Ok("null".to_owned()),
        }
    }

    /// Objects as a JSON list.
    pub(super) async fn write_list(
        &self,
        body: &mut Vec<u8>,
        records: &[Record],
        form: &Form,
    ) -> Result<(), Refusal> {
        body.push(b'[');
        self.write_objects(body, records, form).await?;
        body.push(b']');
        Ok(())
    }

    /// Objects with commas between them.
    pub(super) async fn write_objects(
        &self,
        body: &mut Vec<u8>,
        records: &[Record],
        form: &Form,
    ) -> Result<(), Refusal> {
        let facts = form.facts(self.endpoint);
        let pool = Pool::load(self.records, self.ctx, self.endpoint, records, &facts).await?;
        let writer = Writer { base: self.base, pool: &pool };
        for (at, record) in records.iter().enumerate() {
            if at > 0 {
                body.push(b',');
            }
            writer.object(body, self.endpoint, record, &facts);
        }
        Ok(())
    }

    /// The form of what a write answers: `brief` is for reading only.
    fn written_form(&self) -> Form {
        match query::form(self.pairs) {
            Form::Brief => Form::Full,
            form => form,
        }
    }

    async fn one(&self, status: StatusCode, record: &Record, form: &Form) -> Answer {
        let mut body = Vec::with_capacity(2_048);
        self.write_objects(&mut body, std::slice::from_ref(record), form).await?;
        let mut response = answer(status, body);
        if let Ok(value) = HeaderValue::from_str(&etag(record)) {
            response.headers_mut().insert(header::ETAG, value);
        }
        Ok(response)
    }

    /// The objects with these numbers.
    pub(super) async fn numbered(&self, numbers: &[i64]) -> Result<HashMap<i64, Record>, Refusal> {
        let mut found = HashMap::with_capacity(numbers.len());
        for chunk in numbers.chunks(1_000) {
            let values = chunk.iter().map(ToString::to_string).collect();
            let filter = Where::Is { field: "number".to_owned(), op: "eq", values };
            let page = self.records.find(self.ctx, self.model, &Ask { filter, ..Ask::default() }).await?;
            for record in page.records {
                if let Some(number) = record.get("number").and_then(Value::as_i64) {
                    found.insert(number, record);
                }
            }
        }
        Ok(found)
    }

    pub(super) async fn object(&self, number: i64) -> Result<Record, Refusal> {
        self.numbered(&[number]).await?.remove(&number).ok_or_else(|| Refusal::no_object(self.endpoint))
    }

    /// GET of one object.
    pub(super) async fn read(&self, number: i64) -> Answer {
        let record = self.object(number).await?;
        self.one(StatusCode::OK, &record, &query::form(self.pairs)).await
    }

    /// Checks `If-Match`, and gives the version that must still be there when it is written.
    fn expected(&self, record: &Record) -> Result<Option<i64>, Refusal> {
        let Some(given) = self.if_match else { return Ok(None) };
        let wanted = etag(record);
        let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        if given.trim() == "*" || given.split(',').any(|tag| weak(tag) == weak(&wanted)) {
            return Ok(record.get("version").and_then(Value::as_i64));
        }
        Err(Refusal::detail(StatusCode::PRECONDITION_FAILED, "Precondition failed."))
    }

    /// POST: one object or a list that is created all or not at all.
    pub(super) async fn create(&self, body: Value) -> Answer {
        let (bodies, many) = match body {
            Value::Array(bodies) => (bodies, true),
            one => (vec![one], false),
        };
        within(MAX_OBJECTS, bodies.len())?;
        let failed = |errors: Wrong| if many { created_badly(&errors, bodies.len()) } else { first(errors) };
        let inputs = all(bodies.iter().map(|body| match body {
            Value::Null if many => Err(no_object(body)),
            body => input::object(self.endpoint, body, false),
        }))
        .map_err(failed)?;
        let resolved = Resolved::of(self.records, self.ctx, &inputs).await?;
        let fields =
            all(inputs.iter().map(|input| resolved.record(self.model, input, None))).map_err(failed)?;
        if self.endpoint.kind == tokens::KIND {
            tokens::only_own(self.ctx, &fields)?;
        }
        let fields = all(fields.into_iter().map(|fields| self.fitted(fields, None))).map_err(failed)?;
        let parts = all(inputs.iter().map(|input| resolved.parts(self.records, input))).map_err(failed)?;
        let numbers = self.said(&bodies).await?.map_err(failed)?;
        let new = fields.into_iter().zip(numbers);
        let writes = new.map(|(fields, number)| Write::Create(numbered(fields, number))).collect();
        let written = self.write(writes, parts, macs(&inputs), true).await;
        let records = written.map_err(|problem| self.refused(problem, bodies.len(), failed))?;
        let form = self.written_form();
        if many {
            let mut body = Vec::with_capacity(records.len() * 1_024);
            self.write_list(&mut body, &records, &form).await?;
            return Ok(answer(StatusCode::CREATED, body));
        }
        let Some(record) = records.first() else { return Err(Refusal::no_object(self.endpoint)) };
        self.created(record).await
    }

    /// What the contract does not say of an object, and comes with its coming through this door: rules
    /// look at records, and send them, in the form of the contract; tokens are named.
    fn fitted(&self, mut fields: Record, before: Option<&Record>) -> Result<Record, Errors> {
        match (self.endpoint.kind.as_str(), before) {
            (tokens::KIND, before) => return tokens::fitted(fields, before),
            // Clients of the contract know no page on which the user would choose another password.
            (users::USER, None) => drop(fields.insert("must_change_password".to_owned(), json!(false))),
            ("extras.eventrule", None) => drop(fields.insert("form".to_owned(), json!("netbox"))),
            _ => {}
        }
        Ok(fields)
    }

    /// What is said of a new object.
    pub(super) async fn created(&self, record: &Record) -> Answer {
        let form = self.written_form();
        let mut response = self.one(StatusCode::CREATED, record, &form).await?;
        let number = record.get("number").and_then(Value::as_i64).unwrap_or_default();
        let place = format!("{}/api/{}/{number}/", self.base, self.endpoint.path);
        let shows_place = form.facts(self.endpoint).iter().any(|fact| fact.name == "url");
        if let (true, Ok(place)) = (shows_place, HeaderValue::from_str(&place)) {
            response.headers_mut().insert(header::LOCATION, place);
        }
        Ok(response)
    }

    /// Writes objects with the records that belong to them: all or nothing.
    async fn write(
        &self,
        writes: Vec<Write>,
        parts: Vec<Vec<(Part, Vec<Record>)>>,
        macs: Vec<Mac>,
        fresh: bool,
    ) -> Result<Vec<Record>, kit::Problem> {
        let no_mac = macs.iter().all(|mac| *mac == Mac::Kept);
        if no_mac && parts.iter().all(Vec::is_empty) {
            return self.records.write(self.ctx, self.model, writes).await;
        }
        let act = if fresh { RowAct::Add } else { RowAct::Change };
        let granted = self.ctx.authorize_rows(self.model, act)?;
        let mut tx = self.ctx.write(granted).await?;
        let mut records = self.records.write_asked(&mut tx, self.model, writes).await?;
        if !no_mac {
            mac::store(self.records, &mut tx, self.model, &mut records, &macs).await?;
        }
        for (record, parts) in records.iter().zip(parts) {
            for part in parts {
                Rows::store(self.records, &mut tx, part, record_id(record), fresh).await?;
            }
        }
        tx.commit().await?;
        Ok(records)
    }

    /// What the engine refused, by object where it says which.
    fn refused(&self, problem: kit::Problem, count: usize, failed: impl Fn(Wrong) -> Refusal) -> Refusal {
        if problem.status == StatusCode::FORBIDDEN && !problem.errors.is_empty() {
            let refusal = failed(not_permitted(&problem));
            // Said of each of several; of one alone nothing more is said.
            return match refusal.body.get("errors") {
                Some(_) => Refusal { status: StatusCode::FORBIDDEN, ..refusal },
                None => problem.into(),
            };
        }
        if problem.status != StatusCode::UNPROCESSABLE_ENTITY {
            return problem.into();
        }
        let errors: Wrong = (0..count)
            .map(|at| (at, of_object(self.endpoint, &problem, at)))
            .filter(|(_, errors)| !errors.is_empty())
            .collect();
        if errors.is_empty() { problem.into() } else { failed(errors) }
    }

    /// PATCH and PUT of one object.
    pub(super) async fn change(&self, number: i64, body: &Value, partial: bool) -> Answer {
        let before = self.object(number).await?;
        let expect = self.expected(&before)?;
        let input = input::object(self.endpoint, body, partial).map_err(Refusal::fields)?;
        let resolved = Resolved::of(self.records, self.ctx, std::slice::from_ref(&input)).await?;
        let fields = resolved.record(self.model, &input, Some(&before)).map_err(Refusal::fields)?;
        let fields = self.fitted(fields, Some(&before)).map_err(Refusal::fields)?;
        let parts = resolved.parts(self.records, &input).map_err(Refusal::fields)?;
        let write = Write::Change { id: record_id(&before), expect, fields, replace: false };
        let written = self.write(vec![write], vec![parts], vec![input.mac.clone()], false).await;
        let records = written.map_err(|problem| self.refused(problem, 1, first))?;
        let Some(record) = records.first() else { return Err(Refusal::no_object(self.endpoint)) };
        self.one(StatusCode::OK, record, &self.written_form()).await
    }

    /// PATCH and PUT of a list of objects with their ids.
    pub(super) async fn change_many(&self, body: Value, partial: bool) -> Answer {
        let bodies = objects_of(body)?;
        let numbers = ids_of(&bodies)?;
        let found = self.all_numbered(&numbers).await?;
        let count = bodies.len();
        let failed = |errors: Wrong| badly(&errors, &numbers, count, "updated");
        let inputs =
            all(bodies.iter().map(|body| input::object(self.endpoint, body, partial))).map_err(failed)?;
        let resolved = Resolved::of(self.records, self.ctx, &inputs).await?;
        let rows = inputs.iter().zip(&numbers);
        let record = |(input, number): (&Input, &i64)| {
            let before = found.get(number);
            resolved.record(self.model, input, before).and_then(|fields| self.fitted(fields, before))
        };
        let fields = all(rows.map(record)).map_err(failed)?;
        let mut writes = Vec::with_capacity(count);
        for (fields, number) in fields.into_iter().zip(&numbers) {
            let Some(before) = found.get(number) else { continue };
            let expect = self.expected(before)?;
            writes.push(Write::Change { id: record_id(before), expect, fields, replace: false });
        }
        let parts = all(inputs.iter().map(|input| resolved.parts(self.records, input))).map_err(failed)?;
        let written = self.write(writes, parts, macs(&inputs), false).await;
        let mut records = written.map_err(|problem| self.refused(problem, count, failed))?;
        records.sort_by_key(|record| record.get("number").and_then(Value::as_i64));
        let mut body = Vec::with_capacity(records.len() * 1_024);
        self.write_list(&mut body, &records, &self.written_form()).await?;
        Ok(answer(StatusCode::OK, body))
    }

    /// DELETE of one object.
    pub(super) async fn delete(&self, number: i64) -> Answer {
        let before = self.object(number).await?;
        let expect = self.expected(&before)?;
        let write = Write::Delete { id: record_id(&before), expect };
        if let Err(problem) = self.records.write(self.ctx, self.model, vec![write]).await {
            return Err(self.in_use(problem).await);
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    /// DELETE of a list of objects.
    pub(super) async fn delete_many(&self, body: Value) -> Answer {
        let bodies = objects_of(body)?;
        let numbers = ids_of(&bodies)?;
        let found = self.all_numbered(&numbers).await?;
        let writes = numbers.iter().filter_map(|number| found.get(number));
        let writes = writes.map(|record| Write::Delete { id: record_id(record), expect: None }).collect();
        if let Err(problem) = self.records.write(self.ctx, self.model, writes).await {
            return Err(self.in_use(problem).await);
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    /// A refused deletion names what needs the object.
    async fn in_use(&self, problem: kit::Problem) -> Refusal {
        if problem.code != "in-use" {
            return problem.into();
        }
        let mut users: Vec<(&'static str, Vec<uuid::Uuid>)> = Vec::new();
        for error in &problem.errors {
            let mut parts = error.pointer.trim_start_matches('/').split('/');
            let (model, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let (Some(endpoint), Ok(id)) = (Endpoint::of_model(model), id.parse()) else { continue };
            match users.iter_mut().find(|(known, _)| *known == endpoint.model) {
                Some((_, ids)) if ids.contains(&id) => {}
                Some((_, ids)) => ids.push(id),
                None => users.push((&endpoint.model, vec![id])),
            }
        }
        let mut names = Vec::new();
        for (model, ids) in users {
            let Some(endpoint) = Endpoint::of_model(model) else { continue };
            let Ok(found) = self.records.referenced(self.ctx, &[(model, ids)]).await else { continue };
            let mut records: Vec<Record> = found.into_values().flat_map(HashMap::into_values).collect();
            records.sort_by_key(|record| record.get("number").and_then(Value::as_i64));
            let facts: Vec<_> = endpoint.fact("display").into_iter().collect();
            let Ok(pool) = Pool::load(self.records, self.ctx, endpoint, &records, &facts).await else {
                continue;
            };
            for record in &records {
                let number = record.get("number").and_then(Value::as_i64).unwrap_or_default();
                names.push(format!("{} ({number})", super::display::of(endpoint, record, &pool)));
            }
        }
        let text = format!(
            "Unable to delete object. {} dependent objects were found: {}",
            names.len(),
            names.join(", ")
        );
        Refusal::detail(StatusCode::CONFLICT, text)
    }

    /// The objects of a bulk write, all of which must be there.
    async fn all_numbered(&self, numbers: &[i64]) -> Result<HashMap<i64, Record>, Refusal> {
        let found = self.numbered(numbers).await?;
        let mut seen: HashMap<i64, usize> = HashMap::new();
        for number in numbers {
            *seen.entry(*number).or_default() += 1;
        }
        let count = numbers.len();
        let one = |number: &i64, text: String| json!({"id": number, "errors": {"id": [text]}});
        let mut twice: Vec<Value> = Vec::new();
        for (number, times) in seen.iter().filter(|(_, times)| **times > 1) {
            let text = format!("Each object may be specified only once; ID {number} is listed {times} times");
            twice.push(one(number, text));
        }
        if !twice.is_empty() {
            let detail = format!("{} of {count} objects are listed more than once.", twice.len());
            return Err(many_wrong(&detail, twice.into_iter()));
        }
        let missing: Vec<Value> = numbers
            .iter()
            .filter(|number| !found.contains_key(number))
            .map(|number| one(number, format!("Object with ID {number} does not exist")))
            .collect();
        if missing.is_empty() {
            return Ok(found);
        }
        Err(many_wrong(
            &format!("{} of {count} objects could not be found.", missing.len()),
            missing.into_iter(),
        ))
    }
}

/// The objects of a write that no permission of the caller covers.
fn not_permitted(problem: &kit::Problem) -> Wrong {
    let place = |error: &kit::FieldError| error.pointer.trim_start_matches('/').parse::<usize>().ok();
    let wrong = |at: usize| {
        let mut errors = Errors::new();
        add(&mut errors, "__all__", "You do not have permission to perform this action on this object.");
        (at, errors)
    };
    problem.errors.iter().filter_map(place).map(wrong).collect()
}

fn macs(inputs: &[Input]) -> Vec<Mac> {
    inputs.iter().map(|input| input.mac.clone()).collect()
}

fn no_object(value: &Value) -> Errors {
    let mut errors = Errors::new();
    add(
        &mut errors,
        "__all__",
        format!("Invalid data. Expected a dictionary, but got {}.", python_type(value)),
    );
    errors
}

fn many_wrong(detail: &str, errors: impl Iterator<Item = Value>) -> Refusal {
    let errors: Vec<Value> = errors.collect();
    Refusal { status: StatusCode::BAD_REQUEST, body: json!({"detail": detail, "errors": errors}) }
}

/// The results, or the errors of all that failed with their positions.
pub(super) fn all<T>(results: impl Iterator<Item = Result<T, Errors>>) -> Result<Vec<T>, Wrong> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (at, result) in results.enumerate() {
        match result {
            Ok(value) => good.push(value),
            Err(errors) => bad.push((at, errors)),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

pub(super) fn first(errors: Wrong) -> Refusal {
    Refusal::fields(errors.into_iter().next().map(|(_, errors)| errors).unwrap_or_default())
}

fn created_badly(errors: &[(usize, Errors)], count: usize) -> Refusal {
    let detail = format!("{} of {count} objects could not be created.", errors.len());
    at_places(&detail, errors)
}

/// Errors by the places of the objects.
fn at_places(detail: &str, errors: &[(usize, Errors)]) -> Refusal {
    many_wrong(detail, errors.iter().map(|(at, errors)| json!({"index": at, "errors": errors})))
}

fn badly(errors: &[(usize, Errors)], numbers: &[i64], count: usize, done: &str) -> Refusal {
    let detail = format!("{} of {count} objects could not be {done}.", errors.len());
    let error = |(at, errors): &(usize, Errors)| json!({"id": numbers.get(*at), "errors": errors});
    many_wrong(&detail, errors.iter().map(error))
}

/// 400 for more objects than one request may have.
pub(super) fn within(most: usize, count: usize) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    let text = format!("At most {most} objects in one request; these are {count}.");
    Err(Refusal::detail(StatusCode::BAD_REQUEST, text))
}

fn objects_of(body: Value) -> Result<Vec<Value>, Refusal> {
    match body {
        Value::Array(bodies) => within(MAX_OBJECTS, bodies.len()).map(|()| bodies),
        Value::Object(members) if members.is_empty() => Err(Refusal::detail(
            StatusCode::BAD_REQUEST,
            "Expected a list of objects, but no data was submitted.",
        )),
        other => Err(Refusal::detail(
            StatusCode::BAD_REQUEST,
            format!("Expected a list of objects, but got {}.", python_type(&other)),
        )),
    }
}

/// The `id` of every object of a bulk write.
fn ids_of(bodies: &[Value]) -> Result<Vec<i64>, Refusal> {
    let id = |body: &Value| -> Result<i64, Errors> {
        let mut errors = Errors::new();
        match body {
            Value::Object(members) => {
                let text = match members.get("id") {
                    None => "This field is required.",
                    Some(Value::Null) => "This field may not be null.",
                    Some(Value::Number(number)) if number.is_i64() => {
                        return Ok(number.as_i64().unwrap_or_default());
                    }
                    Some(Value::String(text)) if text.parse::<i64>().is_ok() => {
                        return Ok(text.parse().unwrap_or_default());
                    }
                    Some(_) => "A valid integer is required.",
                };
                add(&mut errors, "id", text);
            }
            other => errors = no_object(other),
        }
        Err(errors)
    };
    all(bodies.iter().map(id)).map_err(|errors| {
        let detail = format!("{} of {} objects failed validation.", errors.len(), bodies.len());
        at_places(&detail, &errors)
    })
}

/// A new object with the id that was said, if one was.
fn numbered(mut fields: Record, number: Option<i64>) -> Record {
    if let Some(number) = number {
        fields.insert("number".to_owned(), json!(number));
    }
    fields
}
