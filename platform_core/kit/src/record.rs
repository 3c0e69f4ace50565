//! Record models as data. A model is declared once as a `static`; one engine
//! (`platform_core/records`) interprets it: table, REST, filters, validation, permissions, change
//! log, import and export, OpenAPI, and the UI's tables and forms.

use serde::Serialize;

pub use crate::hooks::{Change, Drafted, Hooks, NoHooks, ONCE, Record, Wrote};

/// A record type.
pub struct Model {
    /// `<product>.<noun>`: `monitoring.credential`.
    pub name: &'static str,
    /// `<schema>.<table>`.
    pub table: &'static str,
    /// Product, first part of the path.
    pub product: &'static str,
    /// Plural noun in kebab-case: the path is `/api/v1/<product>/<collection>`.
    pub collection: &'static str,
    /// Title of one.
    pub title: &'static str,
    /// Title of many.
    pub title_plural: &'static str,
    /// What it is for, one sentence.
    pub description: &'static str,
    /// Tabler icon name.
    pub icon: &'static str,
    /// Group in the navigation, if it has a page of its own.
    pub nav_group: Option<&'static str>,
    /// Permission object: read, write, delete are asked of it.
    pub permission: &'static str,
    /// What the API offers.
    pub operations: Operations,
    /// The field shown for a reference to a record.
    pub display: &'static str,
    /// Field of the default order, `-` first for descending.
    pub default_sort: &'static str,
    /// The fields. `id`, `tenant_id`, `created_at`, `updated_at`, `version` are added by the engine.
    pub fields: &'static [Field],
    /// Sets of fields that are unique together in a tenant.
    pub unique: &'static [&'static [&'static str]],
    /// Further such sets where no value counts as a value too: two records without a parent may not
    /// share a name. Records without a value in the last field of a set are left out.
    pub unique_within: &'static [&'static [&'static str]],
    /// Records form a tree: the field that refers to the parent, a record of the same model. The
    /// engine refuses circles, and filters may take in all that is below a record.
    pub parent: Option<&'static str>,
    /// Records also have a whole number, unique in the tenant and never used again, for doors whose
    /// clients know no other ids.
    pub numbered: bool,
    /// The field that names the user a record belongs to: everybody may see, make, change and delete
    /// their own, unless a rule denies it.
    pub own: Option<&'static str>,
    /// Behaviour of its own.
    pub hooks: &'static dyn Hooks,
}

impl Model {
    /// What most models share; a declaration ends with `..Model::BASE`.
    pub const BASE: Self = Self {
        name: "",
        table: "",
        product: "",
        collection: "",
        title: "",
        title_plural: "",
        description: "",
        icon: "circle",
        nav_group: None,
        permission: "",
        operations: Operations::ALL,
        display: "name",
        default_sort: "name",
        fields: &[],
        unique: &[],
        unique_within: &[],
        parent: None,
        numbered: false,
        own: None,
        hooks: &NoHooks,
    };

    /// The path of its collection.
    pub fn path(&self) -> String {
        format!("/api/v1/{}/{}", self.product, self.collection)
    }

    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Model({})", self.name)
    }
}

/// What the API offers for a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operations {
    /// POST.
    pub create: bool,
    /// PATCH and PUT.
    pub update: bool,
    /// DELETE.
    pub delete: bool,
}

impl Operations {
    /// Everything.
    pub const ALL: Self = Self { create: true, update: true, delete: true };
    /// Lists and reads only.
    pub const READ: Self = Self { create: false, update: false, delete: false };
}

/// A field of a model. Built with the `const` functions below.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent flags of a declaration, set by named builders"
)]
pub struct Field {
    /// Column and JSON name.
    pub name: &'static str,
    /// Label in forms and tables.
    pub label: &'static str,
    /// Type and constraints.
    pub kind: FieldKind,
    /// Must be given at creation and can never be null.
    pub required: bool,
    /// Set by the server only.
    pub read_only: bool,
    /// Fixed after creation.
    pub immutable: bool,
    /// Unique in the tenant, compared without case for text unless it is `exact`.
    pub unique: bool,
    /// Text whose case matters: `a` and `A` are two values.
    pub exact: bool,
    /// What a text must look like, and the form it is stored in.
    pub format: Format,
    /// May be filtered and sorted by.
    pub filter: bool,
    /// Has an index of its own that leads with the tenant. Set by [`Field::filter`] for kinds
    /// of which few records share a value; changed by [`Field::indexed`] and [`Field::unindexed`].
    pub index: bool,
    /// Found by the free text search `q=`.
    pub search: bool,
    /// Column shown by default.
    pub list: bool,
    /// Help text under the input.
    pub help: &'static str,
    /// Example in the empty input.
    pub placeholder: &'static str,
    /// Unit shown behind the value.
    pub unit: &'static str,
    /// Value when none is given.
    pub default: DefaultValue,
    /// The field applies only when another field has one of these values.
    pub show_when: Option<(&'static str, &'static [&'static str])>,
    /// Columns of a generic reference: `<name>_type` and `<name>_id`.
    columns: [&'static str; 2],
}

/// The look of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Any text.
    Plain,
    /// Letters, digits, `-` and `_`: a name in an address.
    Slug,
    /// Six hexadecimal digits `rrggbb`, stored in lower case.
    Color,
    /// An EUI-48 or EUI-64 in any usual notation, stored as `AA:BB:CC:00:11:22`.
    Mac,
    /// An address with a scheme.
    Url,
    /// An e-mail address.
    Email,
    /// Stored in lower case (DNS names).
    Lower,
    /// The name of a model of this server: `inventory.device`. Of a list: every item.
    Model,
}

/// The value of a field that is not given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// Null, or an error for a required field.
    None,
    /// A text or choice.
    Text(&'static str),
    /// A number.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// An empty list or object, by the field's kind.
    Empty,
}

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// One line, at most `max` characters.
    Text {
        /// Characters.
        max: u32,
    },
    /// Several lines, at most `max` characters.
    LongText {
        /// Characters.
        max: u32,
    },
    /// Whole number.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// Number of at most `digits` digits, `places` of them behind the point; at most 15 digits, so
    /// that a double holds it exactly.
    Decimal {
        /// All digits.
        digits: u8,
        /// Digits behind the point.
        places: u8,
    },
    /// True or false.
    Boolean,
    /// RFC 3339.
    DateTime,
    /// RFC 3339 `full-date`.
    Date,
    /// A plain uuid without a reference (ids of principals, jobs).
    Uuid,
    /// One of a closed set.
    Choice(&'static [Choice]),
    /// A record of another model, in the same tenant.
    Reference {
        /// Its model name.
        model: &'static str,
        /// What deleting the target does.
        on_delete: OnDelete,
    },
    /// Several records of another model (stored as uuid[], checked at write).
    References {
        /// The model name.
        model: &'static str,
    },
    /// A record of one of several models: two columns, `<name>_type` and `<name>_id`. Over the wire
    /// `{"type", "id", "display"}`. Deleting the target does to the record what `on_delete` says.
    Generic {
        /// The model names.
        models: &'static [&'static str],
        /// What deleting the target does.
        on_delete: OnDelete,
    },
    /// How many records of another model refer here by a field of theirs. Read only, not stored.
    Count {
        /// The model name.
        model: &'static str,
        /// Its field: a reference, reference list or generic reference to this model.
        field: &'static str,
    },
    /// IPv4 or IPv6 address.
    Ip,
    /// Address with the length of its network: `192.0.2.1/24`.
    Interface,
    /// Network in CIDR form.
    Prefix,
    /// List of texts.
    TextList {
        /// Items.
        max_items: u32,
        /// Characters of one.
        max: u32,
    },
    /// List of whole numbers.
    IntegerList {
        /// Items.
        max_items: u32,
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// List of networks.
    PrefixList {
        /// Items.
        max_items: u32,
    },
    /// Free JSON, at most 64 KiB.
    Json,
    /// Values of the fields that a tenant has defined for the model itself (`platform.custom_field`):
    /// an object by their names, always with every one of them. Over the wire, a reference in it is
    /// `{"type", "id", "display"}`.
    Custom,
    /// Write-only, sealed at rest; reads give `{"has_value", "fingerprint"}`.
    Secret {
        /// Shortest accepted, characters.
        min: u32,
        /// Longest accepted, characters.
        max: u32,
    },
    /// Write-only, one way: the engine stores what [`Hooks::digest`] makes of it in a text column;
    /// reads give `{"has_value"}`. A new value is never compared with the old one here.
    Password {
        /// Shortest accepted, characters.
        min: u32,
        /// Longest accepted, characters.
        max: u32,
    },
}

/// In place of the models of a generic reference: all models of this server whose records can be
/// changed, but the one that refers. The engine puts their names here when it starts.
pub const ANY: &[&str] = &["*"];

/// What deleting the target of a reference does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// Refused while somebody refers to it.
    Protect,
    /// The referring record goes too.
    Cascade,
    /// The reference becomes null.
    SetNull,
}

/// One value of a choice.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Choice {
    /// Stored value.
    pub value: &'static str,
    /// Label.
    pub label: &'static str,
    /// Tone of its badge: `ok`, `info`, `warning`, `critical`, `muted`.
    pub tone: &'static str,
}

impl Choice {
    /// A choice without a tone of its own.
    pub const fn new(value: &'static str, label: &'static str) -> Self {
        Self { value, label, tone: "muted" }
    }

    /// A choice with a tone.
    pub const fn toned(value: &'static str, label: &'static str, tone: &'static str) -> Self {
        Self { value, label, tone }
    }
}

impl Field {
    /// A field of any kind.
    pub const fn new(name: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self {
            name,
            label,
            kind,
            required: false,
            read_only: false,
            immutable: false,
            unique: false,
            exact: false,
            format: Format::Plain,
            filter: false,
            index: false,
            search: false,
            list: false,
            help: "",
            placeholder: "",
            unit: "",
            default: DefaultValue::None,
            show_when: None,
            columns: ["", ""],
        }
    }

    /// One line of text.
    pub const fn text(name: &'static str, label: &'static str, max: u32) -> Self {
        Self::new(name, label, FieldKind::Text { max })
    }

    /// One of a closed set.
    pub const fn choice(name: &'static str, label: &'static str, choices: &'static [Choice]) -> Self {
        Self::new(name, label, FieldKind::Choice(choices)).filter()
    }

    /// A truth value.
    pub const fn boolean(name: &'static str, label: &'static str, default: bool) -> Self {
        Self { default: DefaultValue::Boolean(default), ..Self::new(name, label, FieldKind::Boolean) }
            .filter()
    }

    /// A whole number.
    pub const fn integer(name: &'static str, label: &'static str, min: i64, max: i64) -> Self {
        Self::new(name, label, FieldKind::Integer { min, max })
    }

    /// A reference to a record of another model.
    pub const fn reference(
        name: &'static str,
        label: &'static str,
        model: &'static str,
        on_delete: OnDelete,
    ) -> Self {
        Self::new(name, label, FieldKind::Reference { model, on_delete }).filter()
    }

    /// References to several records of another model.
    pub const fn references(name: &'static str, label: &'static str, model: &'static str) -> Self {
        Self { default: DefaultValue::Empty, ..Self::new(name, label, FieldKind::References { model }) }
            .filter()
    }

    /// Names of the models that something is for: `object_types`.
    pub const fn object_types() -> Self {
        Self::new("object_types", "Records", FieldKind::TextList { max_items: 200, max: 100 })
            .format(Format::Model)
            .filter()
            .list()
            .help("Names of models like inventory.device.")
    }

    /// The tags of a record.
    pub const fn tags() -> Self {
        Self::references("tags", "Tags", "platform.tag")
    }

    /// The fields that a tenant has defined for the model itself.
    pub const fn custom_fields() -> Self {
        let kind = FieldKind::Custom;
        Self { default: DefaultValue::Empty, ..Self::new("custom_fields", "Custom fields", kind) }
    }

    /// Who is responsible for the record: users and groups under one name.
    pub const fn owner() -> Self {
        Self::reference("owner", "Owner", "platform.owner", OnDelete::Protect).unindexed()
    }

    /// A count of what refers here.
    pub const fn count(
        name: &'static str,
        label: &'static str,
        model: &'static str,
        field: &'static str,
    ) -> Self {
        Self::new(name, label, FieldKind::Count { model, field }).read_only()
    }

    /// A reference to a record of one of several models. `columns` are `<name>_type` and `<name>_id`.
    pub const fn generic(
        name: &'static str,
        label: &'static str,
        columns: [&'static str; 2],
        models: &'static [&'static str],
        on_delete: OnDelete,
    ) -> Self {
        Self { columns, ..Self::new(name, label, FieldKind::Generic { models, on_delete }) }.filter()
    }

    /// A reference to a record of whatever model people may change: see [`ANY`].
    pub const fn any(
        name: &'static str,
        label: &'static str,
        columns: [&'static str; 2],
        on_delete: OnDelete,
    ) -> Self {
        Self::generic(name, label, columns, ANY, on_delete)
    }

    /// The columns of a generic reference: type and id.
    pub const fn generic_columns(&self) -> [&'static str; 2] {
        self.columns
    }

    /// Must be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Set by the server only.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
    /// Fixed after creation.
    #[must_use]
    pub const fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }
    /// Unique in the tenant.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self.filter = true;
        self
    }
    /// Case matters.
    #[must_use]
    pub const fn exact(mut self) -> Self {
        self.exact = true;
        self
    }
    /// Look of the text.
    #[must_use]
    pub const fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }
    /// May be filtered and sorted by. Texts, addresses and references get an index; truth values,
    /// choices, numbers and times do not, because many records share a value or few ask for one.
    #[must_use]
    pub const fn filter(mut self) -> Self {
        self.filter = true;
        self.index = matches!(
            self.kind,
            FieldKind::Text { .. }
                | FieldKind::Ip
                | FieldKind::Prefix
                | FieldKind::Interface
                | FieldKind::Uuid
                | FieldKind::Reference { .. }
                | FieldKind::Generic { .. }
        );
        self
    }
    /// May be filtered and sorted by, with an index whatever the kind.
    #[must_use]
    pub const fn indexed(mut self) -> Self {
        self.filter = true;
        self.index = true;
        self
    }
    /// Without an index: rarely asked for, and every write would pay for it.
    #[must_use]
    pub const fn unindexed(mut self) -> Self {
        self.index = false;
        self
    }
    /// Found by `q=`.
    #[must_use]
    pub const fn search(mut self) -> Self {
        self.search = true;
        self
    }
    /// Column shown by default.
    #[must_use]
    pub const fn list(mut self) -> Self {
        self.list = true;
        self
    }
    /// Help text.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }
    /// Example.
    #[must_use]
    pub const fn placeholder(mut self, placeholder: &'static str) -> Self {
        self.placeholder = placeholder;
        self
    }
    /// Unit.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }
    /// Default value.
    #[must_use]
    pub const fn default(mut self, default: DefaultValue) -> Self {
        self.default = default;
        self
    }
    /// Applies only when `field` has one of `values`.
    #[must_use]
    pub const fn show_when(mut self, field: &'static str, values: &'static [&'static str]) -> Self {
        self.show_when = Some((field, values));
        self
    }
}
