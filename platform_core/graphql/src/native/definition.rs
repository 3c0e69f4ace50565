//! The schema of the records, made from their models: a type a model, references as nested objects, lists on
//! the other side of every reference with an index, filters with the operators that the engine knows. What
//! leads to other records may be null: without the right to read those, the rest of the answer stays.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use kit::record::{Field, FieldKind, Model};
use records::query::{Column, operators};

/// Names in filters that are no fields.
const WORDS: [&str; 6] = ["all", "any", "not", "below", "q", "custom"];

/// What a field of a type is made of.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// A value of the record.
    Stored(&'static str),
    /// What one field refers to.
    One(&'static str, &'static Model),
    /// What a list of references refers to.
    Many(&'static str, &'static Model),
    /// A reference to a record of one of several models.
    Generic(&'static str),
    /// The records that refer here by a field.
    Back(&'static Model, &'static Field),
}

/// A type of the schema.
pub(super) enum Kind {
    /// The root.
    Query,
    /// A page of records.
    List(&'static Model),
    /// A generic reference.
    Reference,
    /// Records of a model.
    Record(HashMap<String, Way>),
}

/// A field of the root.
#[derive(Clone, Copy)]
pub(super) enum Root {
    /// One record, by its id.
    One(&'static Model),
    /// A page.
    Page(&'static Model),
}

/// The schema with what its names mean.
pub(super) struct Catalogue {
    pub(super) definition: String,
    kinds: HashMap<String, Kind>,
    roots: HashMap<String, Root>,
    models: HashMap<&'static str, &'static Model>,
}

impl Catalogue {
    pub(super) fn new(models: &[&'static Model]) -> Self {
        let mut catalogue = Self {
            definition: common(models),
            kinds: HashMap::new(),
            roots: HashMap::new(),
            models: models.iter().map(|model| (model.name, *model)).collect(),
        };
        let mut query = String::new();
        for model in models.iter().copied() {
            catalogue.add(model, models, &mut query);
        }
        catalogue.write(&format!("type Query {{\n{query}}}\n"));
        catalogue.kinds.insert("Query".to_owned(), Kind::Query);
        catalogue.kinds.insert("Reference".to_owned(), Kind::Reference);
        catalogue
    }

    /// A type by name.
    pub(super) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// A field of the root.
    pub(super) fn root(&self, name: &str) -> Option<Root> {
        self.roots.get(name).copied()
    }

    /// A model by name.
    pub(super) fn model(&self, name: &str) -> Option<&'static Model> {
        self.models.get(name).copied()
    }

    fn write(&mut self, text: &str) {
        self.definition.push_str(text);
    }

    fn add(&mut self, model: &'static Model, models: &[&'static Model], query: &mut String) {
        let (name, page) = (type_name(model), page_name(model));
        let list_arguments = format!("(filter: {name}Filter, sort: String, limit: Int, offset: Int");
        let (one, many) = (model.name.replace('.', "_"), root_of(model));
        describe(query, &format!("One of: {}", model.description));
        let _ = writeln!(query, "  {one}(id: ID!): {name}");
        describe(query, &format!("A page of {}.", model.title_plural.to_lowercase()));
        let _ = writeln!(query, "  {many}{list_arguments}, after: String): {page}");
        self.roots.insert(one, Root::One(model));
        self.roots.insert(many, Root::Page(model));

        let mut fields = HashMap::new();
        let (mut about, mut body) = (String::new(), String::new());
        describe(&mut about, model.description);
        for field in built_in(model) {
            let _ = writeln!(body, "  {}: {}", field.0, field.1);
            fields.insert(field.0.to_owned(), Way::Stored(field.0));
        }
        for field in model.fields {
            let Some((ty, way)) = self.field(field) else { continue };
            describe(&mut body, field.help);
            let _ = writeln!(body, "  {}: {ty}", field.name);
            fields.insert(field.name.to_owned(), way);
        }
        for (at, other, field) in lists_back(model, models, &fields) {
            let there = type_name(other);
            let filter = format!("(filter: {there}Filter, sort: String, limit: Int, offset: Int)");
            describe(
                &mut body,
                &format!("{} whose {} this is.", other.title_plural, field.label.to_lowercase()),
            );
            let _ = writeln!(body, "  {at}{filter}: [{there}!]");
            fields.insert(at, Way::Back(other, field));
        }
        self.write(&format!("{about}type {name} {{\n{body}}}\n"));
        self.write(&format!(
            "type {page} {{\n  items: [{name}!]!\n  \"How many match; costs a count.\"\n  total: BigInt!\n  \
             \"For `after`, when there are more.\"\n  next: String\n}}\n"
        ));
        self.kinds.insert(name, Kind::Record(fields));
        self.kinds.insert(page, Kind::List(model));
        self.filter(model);
    }

    /// Type and way of a field; none for what leads to a model that is not here.
    fn field(&self, field: &'static Field) -> Option<(String, Way)> {
        let stored = |ty: &str| Some((ty.to_owned(), Way::Stored(field.name)));
        match field.kind {
            FieldKind::Reference { model, .. } => {
                let target = self.model(model)?;
                Some((type_name(target), Way::One(field.name, target)))
            }
            FieldKind::References { model } => {
                let target = self.model(model)?;
                Some((format!("[{}!]", type_name(target)), Way::Many(field.name, target)))
            }
            FieldKind::Generic { .. } => Some(("Reference".to_owned(), Way::Generic(field.name))),
            FieldKind::Integer { min, max } => stored(integer(min, max)),
            FieldKind::IntegerList { min, max, .. } => stored(&format!("[{}!]", integer(min, max))),
            FieldKind::Count { .. } => stored("Int"),
            FieldKind::Decimal { .. } => stored("Float"),
            FieldKind::Boolean => stored("Boolean"),
            FieldKind::DateTime => stored("DateTime"),
            FieldKind::Date => stored("Date"),
            FieldKind::Uuid => stored("ID"),
            FieldKind::TextList { .. } | FieldKind::PrefixList { .. } => stored("[String!]"),
            FieldKind::Json | FieldKind::Custom | FieldKind::Secret { .. } | FieldKind::Password { .. } => {
                stored("JSON")
            }
            FieldKind::Text { .. }
            | FieldKind::LongText { .. }
            | FieldKind::Choice(_)
            | FieldKind::Ip
            | FieldKind::Interface
            | FieldKind::Prefix => stored("String"),
        }
    }

    fn filter(&mut self, model: &'static Model) {
        let name = type_name(model);
        let mut body = format!("  all: [{name}Filter!]\n  any: [{name}Filter!]\n  not: {name}Filter\n");
        if model.fields.iter().any(|field| field.search) {
            body.push_str("  \"In any of the fields the records are searched by.\"\n  q: String\n");
        }
        if model.parent.is_some() {
            let _ = writeln!(body, "  \"The record, or one above it in the tree.\"\n  below: {name}Filter");
        }
        if model.fields.iter().any(|field| matches!(field.kind, FieldKind::Custom)) {
            body.push_str("  custom: [CustomLookup!]\n");
        }
        for column in Column::filters(model).filter(|column| !WORDS.contains(&column.name)) {
            let ty = match column.kind {
                FieldKind::Reference { model, .. } | FieldKind::References { model } => {
                    self.model(model).map(|target| format!("{}Filter", type_name(target)))
                }
                kind => lookup(&kind).map(|(name, _)| name.to_owned()),
            };
            if let Some(ty) = ty {
                let _ = writeln!(body, "  {}: {ty}", column.name);
            }
        }
        self.write(&format!("input {name}Filter {{\n{body}}}\n"));
    }
}

/// Columns that the engine adds, with their types.
fn built_in(model: &Model) -> Vec<(&'static str, &'static str)> {
    let mut columns =
        vec![("id", "ID!"), ("created_at", "DateTime!"), ("updated_at", "DateTime!"), ("version", "BigInt!")];
    if model.numbered {
        columns.push(("number", "BigInt"));
    }
    columns
}

/// What refers to a model by a field with an index, under the name of its list here: the collection when that
/// says enough, with the field when not.
fn lists_back(
    model: &'static Model,
    models: &[&'static Model],
    own: &HashMap<String, Way>,
) -> Vec<(String, &'static Model, &'static Field)> {
    let mut found = Vec::new();
    let mut taken: BTreeSet<String> = own.keys().cloned().collect();
    for other in models.iter().copied() {
        let fields: Vec<&'static Field> = other
            .fields
            .iter()
            .filter(|field| field.index)
            .filter(|field| matches!(field.kind, FieldKind::Reference { model: to, .. } if to == model.name))
            .collect();
        let short = other.collection.replace('-', "_");
        for field in &fields {
            let long = format!("{short}_by_{}", field.name);
            let name = if fields.len() == 1 && !taken.contains(&short) { short.clone() } else { long };
            if taken.insert(name.clone()) {
                found.push((name, other, *field));
            }
        }
    }
    found
}

/// Scalars, the operators of each kind of field, generic references.
fn common(models: &[&'static Model]) -> String {
    let mut text = "scalar BigInt\nscalar Date\nscalar DateTime\nscalar JSON\n".to_owned();
    let names: Vec<String> = models.iter().map(|model| type_name(model)).collect();
    let _ = writeln!(text, "union Record = {}", names.join(" | "));
    text.push_str(
        "type Reference {\n  \"Name of its model.\"\n  type: String!\n  id: ID!\n  display: String\n  \
         record: Record\n}\n",
    );
    text.push_str(
        "\"A comparison with the value of a field that the tenant has defined.\"\n\
         input CustomLookup {\n  name: String!\n  op: String = \"eq\"\n  values: [String!]!\n}\n",
    );
    for kind in LOOKUPS {
        let Some((name, scalar)) = lookup(&kind) else { continue };
        let _ = writeln!(text, "input {name} {{");
        for op in operators(&kind) {
            let ty = match op.as_str() {
                "in" => format!("[{scalar}!]"),
                "isnull" => "Boolean".to_owned(),
                "family" | "length" | "length_lte" | "length_gte" => "Int".to_owned(),
                _ => scalar.to_owned(),
            };
            let _ = writeln!(text, "  {}: {ty}", op.as_str());
        }
        text.push_str("}\n");
    }
    text
}

/// One of each kind that is compared in its own way.
const LOOKUPS: [FieldKind; 13] = [
    FieldKind::Text { max: 1 },
    FieldKind::Integer { min: 0, max: 1 },
    FieldKind::Decimal { digits: 1, places: 0 },
    FieldKind::Boolean,
    FieldKind::DateTime,
    FieldKind::Date,
    FieldKind::Uuid,
    FieldKind::Choice(&[]),
    FieldKind::Ip,
    FieldKind::Interface,
    FieldKind::Prefix,
    FieldKind::TextList { max_items: 1, max: 1 },
    FieldKind::IntegerList { max_items: 1, min: 0, max: 1 },
];

/// Name of the comparisons of a kind, and the type of what it is compared with.
fn lookup(kind: &FieldKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        FieldKind::Text { .. } => ("TextLookup", "String"),
        FieldKind::Integer { .. } => ("IntegerLookup", "BigInt"),
        FieldKind::Decimal { .. } => ("NumberLookup", "Float"),
        FieldKind::Boolean => ("BooleanLookup", "Boolean"),
        FieldKind::DateTime => ("TimeLookup", "DateTime"),
        FieldKind::Date => ("DateLookup", "Date"),
        FieldKind::Uuid => ("IdLookup", "ID"),
        FieldKind::Choice(_) => ("ChoiceLookup", "String"),
        FieldKind::Ip => ("AddressLookup", "String"),
        FieldKind::Interface => ("InterfaceLookup", "String"),
        FieldKind::Prefix => ("PrefixLookup", "String"),
        FieldKind::TextList { .. } | FieldKind::PrefixList { .. } => ("ListLookup", "String"),
        FieldKind::IntegerList { .. } => ("IntegerListLookup", "BigInt"),
        _ => return None,
    })
}

/// `Int` has 32 bits.
fn integer(min: i64, max: i64) -> &'static str {
    if i32::try_from(min).is_ok() && i32::try_from(max).is_ok() { "Int" } else { "BigInt" }
}

fn describe(text: &mut String, words: &str) {
    if !words.is_empty() {
        let _ = writeln!(text, "  {}", serde_json::Value::from(words));
    }
}

/// `inventory.device_type`: `InventoryDeviceType`.
pub(super) fn type_name(model: &Model) -> String {
    let words = model.name.split(['.', '_', '-']);
    words
        .filter_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        })
        .collect()
}

/// The type of a page of its records.
pub(super) fn page_name(model: &Model) -> String {
    format!("{}Page", type_name(model))
}

/// The root field of its pages: `inventory_device_types`.
fn root_of(model: &Model) -> String {
    let name = format!("{}_{}", model.product, model.collection).replace('-', "_");
    // Some words are their own plural.
    if name == model.name.replace('.', "_") { format!("{name}_list") } else { name }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Name;
    use kit::record::OnDelete;

    use super::*;

    static SITE: Model = Model {
        name: "inventory.site",
        product: "inventory",
        collection: "sites",
        title_plural: "Sites",
        description: "A \"place\".",
        fields: &[
            Field::text("name", "Name", 50).filter().search(),
            Field::references("asns", "AS numbers", "inventory.asn"),
        ],
        ..Model::BASE
    };
    static CABLE: Model = Model {
        name: "inventory.patch_cable",
        product: "inventory",
        collection: "patch-cables",
        title_plural: "Patch cables",
        numbered: true,
        fields: &[
            Field::reference("a_site", "Site A", "inventory.site", OnDelete::Protect),
            Field::reference("b_site", "Site B", "inventory.site", OnDelete::Protect),
            Field::generic("end", "End", ["end_type", "end_id"], &["inventory.site"], OnDelete::Protect),
        ],
        ..Model::BASE
    };
    static RACK: Model = Model {
        name: "inventory.rack",
        product: "inventory",
        collection: "racks",
        title_plural: "Racks",
        fields: &[
            Field::reference("site", "Site", "inventory.site", OnDelete::Protect),
            Field::integer("height", "Height", 1, 100),
        ],
        ..Model::BASE
    };

    #[test]
    fn models_become_a_valid_schema() {
        let catalogue = Catalogue::new(&[&SITE, &CABLE, &RACK]);
        let parsed =
            apollo_compiler::Schema::parse_and_validate(catalogue.definition.as_str(), "x").expect("valid");
        let fields = |ty: &str| -> Vec<String> {
            let object = parsed.get_object(ty).unwrap();
            object.fields.values().map(|field| format!("{}: {}", field.name, field.ty)).collect()
        };
        assert_eq!(
            fields("InventorySite"),
            [
                "id: ID!",
                "created_at: DateTime!",
                "updated_at: DateTime!",
                "version: BigInt!",
                "name: String",
                "patch_cables_by_a_site: [InventoryPatchCable!]",
                "patch_cables_by_b_site: [InventoryPatchCable!]",
                "racks: [InventoryRack!]",
            ]
        );
        assert!(fields("InventoryPatchCable").contains(&"end: Reference".to_owned()));
        assert!(fields("InventoryRack").contains(&"height: Int".to_owned()));
        assert!(fields("Query").contains(&"inventory_patch_cables: InventoryPatchCablePage".to_owned()));
        let filter = parsed.get_input_object("InventoryPatchCableFilter").unwrap();
        let names: Vec<&str> = filter.fields.keys().map(Name::as_str).collect();
        assert!(names.contains(&"a_site") && names.contains(&"end_type") && names.contains(&"number"));
        assert!(
            matches!(catalogue.root("inventory_site"), Some(Root::One(model)) if model.name == SITE.name)
        );
    }
}
