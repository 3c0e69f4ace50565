//! Models that use every kind of field and every flag.

use kit::record::{
    Change, Choice, DefaultValue, Drafted, Field, FieldKind, Format, Hooks, Model, NoHooks, ONCE, OnDelete,
    Operations, Record,
};
use kit::records::Ask;
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, SecretText, WriteTx};
use serde_json::{Value, json};

const BASE: Model = Model {
    name: "",
    table: "",
    product: "lab",
    collection: "",
    title: "",
    title_plural: "",
    description: "For tests.",
    icon: "flask",
    nav_group: Some("Lab"),
    permission: "",
    operations: Operations::ALL,
    display: "name",
    default_sort: "name",
    fields: &[],
    unique: &[],
    hooks: &NoHooks,
    ..Model::BASE
};

pub(crate) static SITE: Model = Model {
    name: "lab.site",
    table: "lab.site",
    collection: "sites",
    title: "site",
    title_plural: "sites",
    permission: "lab/sites",
    fields: &[
        Field::text("name", "Name", 50).required().unique().search().list(),
        Field::new("supernet", "Supernet", FieldKind::Prefix).filter(),
        Field::new(
            "parent",
            "Parent",
            FieldKind::Reference { model: "lab.site", on_delete: OnDelete::Cascade },
        ),
    ],
    ..BASE
};

static KINDS: &[Choice] =
    &[Choice::toned("router", "Router", "ok"), Choice::new("switch", "Switch"), Choice::new("host", "Host")];

pub(crate) static DEVICE: Model = Model {
    name: "lab.device",
    table: "lab.device",
    collection: "devices",
    title: "device",
    title_plural: "devices",
    permission: "lab/devices",
    fields: &[
        Field::text("name", "Name", 64).required().search().filter().list(),
        Field::text("asset_tag", "Asset tag", 20).unique(),
        Field::text("slug", "Slug", 64).read_only().filter(),
        Field::text("serial", "Serial", 30).immutable().filter(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 2_000 }).search(),
        Field::integer("height", "Height", 1, 48).indexed().default(DefaultValue::Integer(1)).unit("U"),
        Field::integer("asn", "AS number", i64::MIN, i64::MAX).indexed(),
        Field::boolean("active", "Active", true),
        Field::new("installed_at", "Installed", FieldKind::DateTime).indexed(),
        Field::new("owner", "Owner", FieldKind::Uuid).filter(),
        Field::choice("kind", "Kind", KINDS)
            .required()
            .default(DefaultValue::Text("host"))
            .search()
            .indexed(),
        Field::new("site", "Site", FieldKind::Reference { model: "lab.site", on_delete: OnDelete::Protect })
            .required()
            .filter(),
        Field::new(
            "backup_of",
            "Backup of",
            FieldKind::Reference { model: "lab.device", on_delete: OnDelete::SetNull },
        ),
        Field::new("peers", "Peers", FieldKind::References { model: "lab.device" }).filter(),
        Field::new("address", "Address", FieldKind::Ip).filter().search(),
        Field::new("network", "Network", FieldKind::Prefix).filter().search(),
        Field::new("labels", "Labels", FieldKind::TextList { max_items: 5, max: 20 })
            .filter()
            .default(DefaultValue::Empty),
        Field::new("allowed", "Allowed", FieldKind::PrefixList { max_items: 4 }).filter(),
        Field::new("extra", "Extra", FieldKind::Json),
        Field::text("bgp_id", "BGP identifier", 20).required().show_when("kind", &["router"]),
        Field::boolean("bfd", "BFD", false).show_when("kind", &["router"]),
    ],
    unique: &[&["site", "name"]],
    hooks: &DeviceHooks,
    ..BASE
};

pub(crate) static KEY: Model = Model {
    name: "lab.key",
    table: "lab.key",
    collection: "keys",
    title: "key",
    title_plural: "keys",
    permission: "lab/keys",
    fields: &[
        Field::text("name", "Name", 50).required().unique(),
        Field::new("community", "Community", FieldKind::Secret { min: 3, max: 100 }).required(),
        Field::new("spare", "Spare", FieldKind::Secret { min: 1, max: 100 }),
        Field::new("password", "Password", FieldKind::Password { min: 8, max: 100 }),
        Field::new("devices", "Devices", FieldKind::References { model: "lab.device" }),
        Field::new("site", "Site", FieldKind::Reference { model: "lab.site", on_delete: OnDelete::Cascade }),
    ],
    hooks: &KeyHooks,
    ..BASE
};

/// Written by the server only.
pub(crate) static NOTE: Model = Model {
    name: "lab.note",
    table: "lab.note",
    collection: "notes",
    title: "note",
    title_plural: "notes",
    permission: "lab/notes",
    operations: Operations::READ,
    display: "id",
    default_sort: "-created_at",
    fields: &[Field::text("text", "Text", 100).required()],
    ..BASE
};

/// A tree with numbers and a count.
pub(crate) static REGION: Model = Model {
    name: "lab.region",
    table: "lab.region",
    collection: "regions",
    title: "region",
    title_plural: "regions",
    permission: "lab/regions",
    parent: Some("parent"),
    numbered: true,
    fields: &[
        Field::text("name", "Name", 50).required().exact().filter(),
        Field::text("slug", "Slug", 50).required().unique().exact().format(Format::Slug),
        Field::reference("parent", "Parent", "lab.region", OnDelete::Cascade),
        Field::count("racks", "Racks", "lab.rack", "region"),
    ],
    unique_within: &[&["parent", "name"]],
    ..BASE
};

/// Every kind that [`DEVICE`] has not.
pub(crate) static RACK: Model = Model {
    name: "lab.rack",
    table: "lab.rack",
    collection: "racks",
    title: "rack",
    title_plural: "racks",
    permission: "lab/racks",
    numbered: true,
    fields: &[
        Field::text("name", "Name", 50).required().filter().search(),
        Field::reference("region", "Region", "lab.region", OnDelete::Protect),
        Field::new("weight", "Weight", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::new("bought", "Bought", FieldKind::Date).filter(),
        Field::text("color", "Colour", 6).format(Format::Color),
        Field::text("mac", "MAC address", 23).format(Format::Mac).filter(),
        Field::new("units", "Units", FieldKind::IntegerList { max_items: 48, min: 1, max: 48 }).filter(),
        Field::new("address", "Address", FieldKind::Interface).filter().search(),
        Field::generic(
            "stands_in",
            "Stands in",
            ["stands_in_type", "stands_in_id"],
            &["lab.region", "lab.site"],
            OnDelete::Protect,
        ),
        Field::custom_fields(),
    ],
    unique: &[&["stands_in", "name"]],
    hooks: &RackHooks,
    ..BASE
};

/// A rack takes over its colour from its region, where the slug of that is one; closed regions take none.
struct RackHooks;

impl Hooks for RackHooks {
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let regions = records.find_in(tx, &REGION, &Ask::default()).await?.records;
            for draft in drafts {
                let id = draft.record.get("region").and_then(|region| region.get("id"));
                let region = regions.iter().find(|region| region.get("id") == id);
                let slug = region.and_then(|region| region.get("slug")).and_then(Value::as_str);
                match slug {
                    Some("closed") => draft.errors.push(FieldError {
                        pointer: "/region".to_owned(),
                        code: "closed".into(),
                        message: "This region is closed.".to_owned(),
                    }),
                    Some(slug) if slug.len() == 6 && draft.record.get("color") == Some(&Value::Null) => {
                        draft.record.insert("color".to_owned(), json!(slug));
                    }
                    _ => {}
                }
            }
            Ok(())
        })
    }
}

pub(crate) static ALL: [&Model; 6] = [&SITE, &DEVICE, &KEY, &NOTE, &REGION, &RACK];

struct DeviceHooks;

impl Hooks for DeviceHooks {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let name = record.get("name").and_then(Value::as_str).unwrap_or_default().to_lowercase();
        if name == "forbidden" {
            errors.push(FieldError {
                pointer: "/name".to_owned(),
                code: "forbidden_name".into(),
                message: "This name is taken by the house.".to_owned(),
            });
        }
        record.insert("slug".to_owned(), json!(name.replace(' ', "-")));
    }
}

struct KeyHooks;

impl Hooks for KeyHooks {
    fn clean(&self, _: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if record.get("community").and_then(Value::as_str) == Some("public") {
            errors.push(FieldError {
                pointer: "/community".to_owned(),
                code: "weak".into(),
                message: "Everybody knows this one.".to_owned(),
            });
        }
        if before.is_none() {
            record.insert(ONCE.to_owned(), json!({"token": "shown-only-once"}));
        }
    }

    fn digest<'a>(&'a self, _: &'a str, clear: &'a SecretText) -> BoxFuture<'a, Result<String, Problem>> {
        Box::pin(async { Ok(format!("digest of {} characters", clear.expose().len())) })
    }

    fn written<'a>(
        &'a self,
        _: &'a mut WriteTx,
        change: Change,
        _: Option<&'a Record>,
        after: Option<&'a Record>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let name = after.and_then(|record| record.get("name")).and_then(Value::as_str);
            if change == Change::Update && name == Some("explode") {
                return Err(Problem::conflict("exploded", "The hook refuses this."));
            }
            Ok(())
        })
    }
}
