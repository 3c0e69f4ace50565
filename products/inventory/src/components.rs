//! What comes with a type: a device or module that is created gets the ports, bays and items that its
//! type declares - for all devices of a write together, one insert a kind of component.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Change, Drafted, Field, FieldKind, Hooks, Model, Record, Wrote};
use kit::records::Write;
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::primary::{self, Machine};
use crate::racks::rule;
use crate::reading::{Reader, by_id, id_of, reference};
use crate::rules::Mounted;
use crate::virtualization;

/// Components in the order in which they may refer to each other.
const KINDS: [&str; 12] = [
    "console_port",
    "console_server_port",
    "power_port",
    "power_outlet",
    "cooling_intake",
    "cooling_outflow",
    "interface",
    "rear_port",
    "front_port",
    "device_bay",
    "module_bay",
    "inventory_item",
];
/// Stands for the position of the bay in names of components of a module.
const TOKEN: &str = "{module}";
/// A device or module that gets components.
struct Owner {
    device: Uuid,
    module: Option<Uuid>,
    kind: Uuid,
    /// Position of the bay it is in.
    position: Option<String>,
}

/// The component that a template became, by owner.
type Made = HashMap<(usize, Uuid), Uuid>;

/// Rules and components of devices.
pub(crate) struct OfDevice;

impl Hooks for OfDevice {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        Mounted.clean(ctx, before, record, errors);
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move { virtualization::hosts(&mut Reader::In(tx), records, drafts).await })
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if change == Change::Update {
                primary::own_addresses(records, tx, Machine::Device, rows).await?;
            }
            if change != Change::Delete {
                rule::placed(records, tx, rows).await?;
            }
            // A copy brings its components itself.
            if change != Change::Create || tx.ctx().is_copy() {
                return Ok(());
            }
            let owner = |device: &Record| {
                Some(Owner {
                    device: id_of(device)?,
                    module: None,
                    kind: reference(device, "device_type")?,
                    position: None,
                })
            };
            let owners: Vec<Owner> = rows.iter().filter_map(|row| row.after).filter_map(owner).collect();
            Maker { records, tx, by: "device_type", owners, made: Made::new() }.run().await
        })
    }
}

/// Components of modules.
pub(crate) struct OfModule;

impl Hooks for OfModule {
    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let modules: Vec<&Record> = rows.iter().filter_map(|row| row.after).collect();
            let wanted: BTreeSet<Uuid> =
                modules.iter().filter_map(|module| reference(module, "module_bay")).collect();
            let bays = by_id(Reader::In(tx).listed(records, "inventory.module_bay", "id", &wanted).await?);
            in_bays(rows, &bays)?;
            // A copy brings its components itself.
            if change != Change::Create || tx.ctx().is_copy() {
                return Ok(());
            }
            let position = |bay: Uuid| Some(bays.get(&bay)?.get("position")?.as_str()?.to_owned());
            let owner = |module: &&Record| {
                Some(Owner {
                    device: reference(module, "device")?,
                    module: id_of(module),
                    kind: reference(module, "module_type")?,
                    position: reference(module, "module_bay").and_then(position),
                })
            };
            let owners: Vec<Owner> = modules.iter().filter_map(owner).collect();
            Maker { records, tx, by: "module_type", owners, made: Made::new() }.run().await
        })
    }
}

fn wrong(at: usize, field: &str, code: &'static str, message: &str) -> FieldError {
    FieldError { pointer: format!("/{at}/{field}"), code: code.into(), message: message.to_owned() }
}

fn refuse(errors: Vec<FieldError>) -> Result<(), Problem> {
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// A module is in a bay of its device that takes modules.
fn in_bays(rows: &[Wrote<'_>], bays: &HashMap<Uuid, Record>) -> Result<(), Problem> {
    let mut errors = Vec::new();
    for row in rows {
        let Some(module) = row.after else { continue };
        let Some(bay) = reference(module, "module_bay").and_then(|id| bays.get(&id)) else { continue };
        if reference(bay, "device") != reference(module, "device") {
            errors.push(wrong(row.at, "module_bay", "other_device", "This bay belongs to another device."));
        } else if bay.get("enabled") == Some(&Value::Bool(false)) {
            errors.push(wrong(row.at, "module_bay", "disabled", "This bay takes no module."));
        }
    }
    refuse(errors)
}

struct Maker<'a> {
    records: &'a dyn Records,
    tx: &'a mut WriteTx,
    /// The field of templates that names the type.
    by: &'static str,
    owners: Vec<Owner>,
    made: Made,
}

impl Maker<'_> {
    async fn run(mut self) -> Result<(), Problem> {
        let kinds: BTreeSet<Uuid> = self.owners.iter().map(|owner| owner.kind).collect();
        for kind in KINDS {
            let template = format!("inventory.{kind}_template");
            let has = self.records.model(&template).is_some_and(|model| model.field(self.by).is_some());
            if has {
                let templates = Reader::In(self.tx).listed(self.records, &template, self.by, &kinds).await?;
                self.make(&format!("inventory.{kind}"), &templates).await?;
            }
        }
        self.map_ports().await
    }

    /// One kind of component for all owners.
    async fn make(&mut self, model: &str, templates: &[Record]) -> Result<(), Problem> {
        let model =
            self.records.model(model).ok_or_else(|| Problem::internal(format!("no model {model}")))?;
        let mut writes = Vec::new();
        let mut sources = Vec::new();
        for (at, owner) in self.owners.iter().enumerate() {
            for template in
                templates.iter().filter(|template| reference(template, self.by) == Some(owner.kind))
            {
                writes.push(Write::Create(self.component(model, at, owner, template)));
                sources.push((at, template));
            }
        }
        if writes.is_empty() {
            return Ok(());
        }
        let components = self.records.write_in(self.tx, model, writes).await?;
        for ((at, template), component) in sources.iter().zip(&components) {
            if let (Some(from), Some(to)) = (id_of(template), id_of(component)) {
                self.made.insert((*at, from), to);
            }
        }
        self.join(model, &sources).await
    }

    fn component(&self, model: &'static Model, at: usize, owner: &Owner, template: &Record) -> Record {
        let mut component = Record::new();
        for field in model.fields.iter().filter(|field| !matches!(field.kind, FieldKind::Count { .. })) {
            if let Some(value) = self.copied(field, at, template) {
                component.insert(field.name.to_owned(), value);
            }
        }
        for name in ["name", "label"] {
            let text = component.get(name).and_then(Value::as_str).filter(|text| text.contains(TOKEN));
            if let (Some(text), Some(position)) = (text, &owner.position) {
                let text = text.replace(TOKEN, position);
                component.insert(name.to_owned(), Value::from(text));
            }
        }
        component.insert("device".to_owned(), json!(owner.device));
        if let Some(module) = owner.module.filter(|_| model.field("module").is_some()) {
            component.insert("module".to_owned(), json!(module));
        }
        component
    }

    /// The template's value of a field of the component; a reference to a template is one to what it became.
    fn copied(&self, field: &Field, at: usize, template: &Record) -> Option<Value> {
        let value = template.get(field.name).filter(|value| !value.is_null())?;
        match field.kind {
            FieldKind::Reference { .. } | FieldKind::Generic { .. } => {
                let id = reference(template, field.name)?;
                match (self.made.get(&(at, id)), value.get("type").and_then(Value::as_str)) {
                    (Some(made), Some(kind)) => {
                        Some(json!({"type": kind.trim_end_matches("_template"), "id": made}))
                    }
                    (Some(made), None) => Some(json!(made)),
                    // A role or a maker; what a template refers to within its own kind comes with `join`.
                    (None, None)
                        if !matches!(field.name, "parent" | "bridge" | "power_port" | "cooling_intake") =>
                    {
                        Some(json!(id))
                    }
                    _ => None,
                }
            }
            FieldKind::References { .. } => {
                let ids = value.as_array()?.iter().filter_map(|item| item.get("id").cloned());
                Some(Value::Array(ids.collect()))
            }
            _ => Some(value.clone()),
        }
    }

    /// References within one kind: parent and bridge of interfaces, parents of items.
    async fn join(&mut self, model: &'static Model, sources: &[(usize, &Record)]) -> Result<(), Problem> {
        let mut writes = Vec::new();
        for (at, template) in sources {
            let mut fields = Record::new();
            for name in ["parent", "bridge"] {
                let to = reference(template, name).and_then(|id| self.made.get(&(*at, id)));
                if let Some(to) = to.filter(|_| model.field(name).is_some()) {
                    fields.insert(name.to_owned(), json!(to));
                }
            }
            let own = id_of(template).and_then(|id| self.made.get(&(*at, id)));
            if let (Some(id), false) = (own, fields.is_empty()) {
                writes.push(Write::Change { id: *id, expect: None, fields, replace: false });
            }
        }
        if !writes.is_empty() {
            self.records.write_in(self.tx, model, writes).await?;
        }
        Ok(())
    }

    /// Which front port leads to which rear port.
    async fn map_ports(&mut self) -> Result<(), Problem> {
        let fronts: BTreeSet<Uuid> = self.made.keys().map(|(_, template)| *template).collect();
        let mappings = Reader::In(self.tx)
            .listed(self.records, "inventory.port_template_mapping", "front_port", &fronts)
            .await?;
        let mut writes = Vec::new();
        for mapping in &mappings {
            let (Some(front), Some(rear)) =
                (reference(mapping, "front_port"), reference(mapping, "rear_port"))
            else {
                continue;
            };
            for at in 0..self.owners.len() {
                let (Some(front), Some(rear)) = (self.made.get(&(at, front)), self.made.get(&(at, rear)))
                else {
                    continue;
                };
                let mut record = Record::new();
                record.insert("front_port".to_owned(), json!(front));
                record.insert("rear_port".to_owned(), json!(rear));
                for name in ["front_position", "rear_position"] {
                    record.insert(name.to_owned(), mapping.get(name).cloned().unwrap_or(json!(1)));
                }
                writes.push(Write::Create(record));
            }
        }
        let Some(model) = self.records.model("inventory.port_mapping").filter(|_| !writes.is_empty()) else {
            return Ok(());
        };
        self.records.write_in(self.tx, model, writes).await.map(drop)
    }
}
