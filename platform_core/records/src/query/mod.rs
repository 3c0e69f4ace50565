//! What a list is asked: one filter expression, order, page, fields. Parsed from query parameters, or
//! built by code.

mod cursor;
mod parse;

use chrono::{DateTime, Utc};
use kit::record::{FieldKind, Model};
use kit::{Ctx, Problem};

use crate::datum::Datum;
use crate::entity::{has_ci, not_null};
use crate::sql::{self, View};

pub(crate) use cursor::{CursorKey, sort_value};
pub(crate) use parse::{
    as_of, candidates, id, nearest, range, searched, shown, text_values, unknown_parameter,
};

/// Parameters of every list; no filter field may have these names.
pub(crate) const RESERVED: [&str; 9] =
    ["limit", "cursor", "sort", "q", "count", "fields", "format", "dry_run", "as_of"];

/// Rows in a page when nothing is said.
pub const DEFAULT_LIMIT: u32 = 50;
/// Most rows in a page.
pub const MAX_LIMIT: u32 = 1_000;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal; for lists: has this item.
    Eq,
    /// Not equal, or without a value.
    Ne,
    /// One of these.
    In,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Text: has this part. Lists: has this item. Networks: holds this address or network.
    Contains,
    /// Text: begins so.
    StartsWith,
    /// Text: ends so.
    EndsWith,
    /// Text: equal in whatever case.
    IEq,
    /// Text: matches the regular expression.
    Regex,
    /// Text: matches the regular expression in whatever case.
    IRegex,
    /// Has no value.
    IsNull,
    /// Addresses and networks: inside this network.
    Within,
    /// Addresses and networks: of IP version 4 or 6.
    Family,
    /// Addresses and networks: the length of the network.
    Length,
    /// Addresses and networks: a network of this length or a shorter one.
    LengthLte,
    /// Addresses and networks: a network of this length or a longer one.
    LengthGte,
}

impl Op {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Eq,
        Self::Ne,
        Self::In,
        Self::Lt,
        Self::Lte,
        Self::Gt,
        Self::Gte,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::IEq,
        Self::Regex,
        Self::IRegex,
        Self::IsNull,
        Self::Within,
        Self::Family,
        Self::Length,
        Self::LengthLte,
        Self::LengthGte,
    ];

    /// The suffix behind `__`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::In => "in",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Contains => "contains",
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::IEq => "iexact",
            Self::Regex => "regex",
            Self::IRegex => "iregex",
            Self::IsNull => "isnull",
            Self::Within => "within",
            Self::Family => "family",
            Self::Length => "length",
            Self::LengthLte => "length_lte",
            Self::LengthGte => "length_gte",
        }
    }
}

/// The comparisons a kind of field knows; empty when it cannot be filtered.
pub fn operators(kind: &FieldKind) -> &'static [Op] {
    match kind {
        FieldKind::Text { .. } => &[
            Op::Eq,
            Op::Ne,
            Op::In,
            Op::Lt,
            Op::Lte,
            Op::Gt,
            Op::Gte,
            Op::Contains,
            Op::StartsWith,
            Op::EndsWith,
            Op::IEq,
            Op::Regex,
            Op::IRegex,
            Op::IsNull,
        ],
        FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::DateTime | FieldKind::Date => {
            &[Op::Eq, Op::Ne, Op::In, Op::Lt, Op::Lte, Op::Gt, Op::Gte, Op::IsNull]
        }
        FieldKind::Boolean => &[Op::Eq, Op::Ne, Op::IsNull],
        FieldKind::Uuid | FieldKind::Choice(_) | FieldKind::Reference { .. } => {
            &[Op::Eq, Op::Ne, Op::In, Op::IsNull]
        }
        FieldKind::Ip => {
            &[Op::Eq, Op::Ne, Op::In, Op::Lt, Op::Lte, Op::Gt, Op::Gte, Op::Within, Op::Family, Op::IsNull]
        }
        FieldKind::Interface => &[
            Op::Eq,
            Op::Ne,
            Op::In,
            Op::Lt,
            Op::Lte,
            Op::Gt,
            Op::Gte,
            Op::Within,
            Op::Family,
            Op::Length,
            Op::LengthLte,
            Op::LengthGte,
            Op::IsNull,
        ],
        FieldKind::Prefix => &[
            Op::Eq,
            Op::Ne,
            Op::In,
            Op::Within,
            Op::Contains,
            Op::Family,
            Op::Length,
            Op::LengthLte,
            Op::LengthGte,
            Op::IsNull,
        ],
        FieldKind::References { .. }
        | FieldKind::TextList { .. }
        | FieldKind::PrefixList { .. }
        | FieldKind::IntegerList { .. } => &[Op::Eq, Op::Contains, Op::IsNull],
        FieldKind::LongText { .. }
        | FieldKind::Generic { .. }
        | FieldKind::Count { .. }
        | FieldKind::Json
        | FieldKind::Custom
        | FieldKind::Secret { .. }
        | FieldKind::Password { .. } => &[],
    }
}

pub(crate) fn filterable(kind: &FieldKind) -> bool {
    !operators(kind).is_empty()
}

/// Kinds with one comparable value: can order a list, be unique, be shown for a record.
pub(crate) fn sortable(kind: &FieldKind) -> bool {
    filterable(kind) && !is_list(kind)
}

fn is_list(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::References { .. }
            | FieldKind::TextList { .. }
            | FieldKind::PrefixList { .. }
            | FieldKind::IntegerList { .. }
    )
}

pub(crate) fn searchable(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Text { .. }
            | FieldKind::LongText { .. }
            | FieldKind::Choice(_)
            | FieldKind::Ip
            | FieldKind::Interface
            | FieldKind::Prefix
    )
}

/// A column that may be compared or ordered by.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: FieldKind,
    pub(crate) ci: bool,
    pub(crate) nullable: bool,
}

impl Column {
    /// A built-in column or a field of the model.
    pub fn of(model: &Model, name: &str) -> Option<Self> {
        let built_in = |name, kind| Some(Self { name, kind, ci: false, nullable: false });
        match name {
            "id" => built_in("id", FieldKind::Uuid),
            "created_at" => built_in("created_at", FieldKind::DateTime),
            "updated_at" => built_in("updated_at", FieldKind::DateTime),
            "version" => built_in("version", FieldKind::Integer { min: 1, max: i64::MAX }),
            "number" if model.numbered => built_in("number", FieldKind::Integer { min: 1, max: i64::MAX }),
            _ => match model.field(name) {
                Some(field) => Some(Self {
                    name: field.name,
                    kind: field.kind,
                    ci: has_ci(model, field),
                    nullable: !not_null(field),
                }),
                None => Self::of_generic(model, name),
            },
        }
    }

    /// Type or id of a generic reference: the columns `<name>_type` and `<name>_id`.
    fn of_generic(model: &Model, name: &str) -> Option<Self> {
        let (field, part) = name.rsplit_once('_')?;
        let field = model.field(field).filter(|field| matches!(field.kind, FieldKind::Generic { .. }))?;
        let kind = match part {
            "type" => FieldKind::Text { max: 100 },
            "id" => FieldKind::Uuid,
            _ => return None,
        };
        let name = field.generic_columns().into_iter().find(|column| *column == name)?;
        Some(Self { name, kind, ci: false, nullable: !not_null(field) })
    }

    /// The columns that may be filtered by.
    pub fn filters(model: &Model) -> impl Iterator<Item = Self> + '_ {
        crate::entity::BUILT_IN
            .into_iter()
            .chain(model.numbered.then_some("number"))
            .chain(model.fields.iter().filter(|field| field.filter).flat_map(|field| match field.kind {
                FieldKind::Generic { .. } => field.generic_columns().to_vec(),
                _ => vec![field.name],
            }))
            .filter_map(|name| Self::of(model, name))
    }

    /// The columns that may order a list.
    pub fn sorts(model: &Model) -> impl Iterator<Item = Self> + '_ {
        Self::filters(model).filter(|column| sortable(&column.kind))
    }

    pub(crate) fn is_list(&self) -> bool {
        is_list(&self.kind)
    }

    /// The column as it is compared.
    pub(crate) fn sql(&self) -> String {
        let shadow = match self.kind {
            _ if self.ci => "_ci",
            FieldKind::Interface => "_host",
            _ => "",
        };
        format!("t.\"{}{shadow}\"", self.name)
    }

    /// The column as lower-case text.
    pub(crate) fn search_sql(&self) -> String {
        match self.kind {
            FieldKind::Text { .. } if self.ci => self.sql(),
            FieldKind::Ip | FieldKind::Interface => format!("host(t.\"{}\")", self.name),
            FieldKind::Prefix => format!("text(t.\"{}\")", self.name),
            _ => sql::lower(&format!("t.\"{}\"", self.name)),
        }
    }
}

/// One comparison.
#[derive(Clone, Debug)]
pub struct Test {
    /// The column.
    pub column: Column,
    /// How.
    pub op: Op,
    /// With what.
    pub values: Vec<Datum>,
}

/// One comparison with the value of a custom field.
#[derive(Clone, Debug)]
pub struct CustomTest {
    /// Its name.
    pub name: String,
    /// How: any operator of [`CustomTest::OPERATORS`].
    pub op: Op,
    /// With what, as text.
    pub values: Vec<String>,
}

impl CustomTest {
    /// What values of custom fields can be compared by; which make sense depends on their type.
    pub const OPERATORS: [Op; 14] = [
        Op::Eq,
        Op::Ne,
        Op::In,
        Op::Lt,
        Op::Lte,
        Op::Gt,
        Op::Gte,
        Op::Contains,
        Op::StartsWith,
        Op::EndsWith,
        Op::IEq,
        Op::Regex,
        Op::IRegex,
        Op::IsNull,
    ];
}

/// A way from one model to another: a reference field here, or one there that leads here.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The field.
    pub name: &'static str,
    /// Its kind.
    pub kind: FieldKind,
    /// The model at the other end.
    pub target: &'static Model,
}

/// The filter of a list: the one form that query parameters, code and permission constraints are turned
/// into.
#[derive(Clone, Debug)]
pub enum FilterExpr {
    /// All hold. Empty: true.
    All(Vec<Self>),
    /// One holds. Empty: false.
    Any(Vec<Self>),
    /// Does not hold.
    Not(Box<Self>),
    /// A comparison.
    Test(Test),
    /// A comparison with a custom field.
    Custom(CustomTest),
    /// One of the columns has this text in it, in whatever case.
    Search(Vec<Column>, String),
    /// What a reference of the record leads to matches.
    Via(Step, Box<Self>),
    /// A record of the other model that refers here by the field matches.
    Has(Step, Box<Self>),
    /// The record, or one above it in the tree of its model, matches.
    Below(&'static Model, Box<Self>),
}

impl FilterExpr {
    /// A comparison, checked against the model.
    ///
    /// # Errors
    /// 400 for an unknown column or an operator its kind does not know.
    pub fn test(model: &Model, name: &str, op: Op, values: Vec<Datum>) -> Result<Self, Problem> {
        let column = Column::of(model, name)
            .ok_or_else(|| Problem::bad_request(format!("{} has no field `{name}`.", model.name)))?;
        if !operators(&column.kind).contains(&op) {
            return Err(Problem::bad_request(format!(
                "`{name}` does not know the operator `{}`.",
                op.as_str()
            )));
        }
        let values = match (op, &column.kind, values.first()) {
            (Op::Within, _, Some(Datum::Net(net))) => {
                range(*net, matches!(column.kind, FieldKind::Ip | FieldKind::Interface)).to_vec()
            }
            (Op::Contains, FieldKind::Prefix, Some(Datum::Net(net))) => candidates(*net),
            _ => values,
        };
        if values.is_empty() || (op != Op::In && op != Op::Within && op != Op::Contains && values.len() > 1) {
            return Err(Problem::bad_request(format!("`{name}` needs one value.")));
        }
        Ok(Self::Test(Test { column, op, values }))
    }
}

/// One key of the order.
#[derive(Clone, Copy, Debug)]
pub struct SortKey {
    /// The column.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
}

/// The form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A page of JSON.
    Page,
    /// Everything as CSV.
    Csv,
    /// Everything as one JSON array.
    Json,
    /// Everything, one JSON object a line.
    Ndjson,
    /// All records, one YAML document each.
    Yaml,
}

/// What a list is asked.
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) filter: FilterExpr,
    /// Never empty; the last key is the id.
    pub(crate) sort: Vec<SortKey>,
    pub(crate) fields: Option<Vec<&'static str>>,
    pub(crate) view: View,
    pub(crate) cursor: Option<String>,
    pub(crate) limit: u32,
    pub(crate) offset: u64,
    pub(crate) count: bool,
    pub(crate) format: Format,
    /// Who asks: records are counted as far as they may be seen.
    pub(crate) caller: Option<Ctx>,
}

impl Query {
    /// Everything, in the model's own order, in pages of 50.
    pub fn all(model: &Model) -> Self {
        Self {
            filter: FilterExpr::All(Vec::new()),
            sort: parse::sort_keys(model, model.default_sort).unwrap_or_default(),
            fields: None,
            view: View::Tables,
            cursor: None,
            limit: DEFAULT_LIMIT,
            offset: 0,
            count: false,
            format: Format::Page,
            caller: None,
        }
    }

    /// From query parameters.
    ///
    /// # Errors
    /// 400 with every wrong parameter, naming the nearest known one.
    pub fn parse(model: &'static Model, pairs: &[(String, String)]) -> Result<Self, Problem> {
        parse::query(model, pairs, &|_| None)
    }

    /// [`Query::parse`], with conditions on what references lead to: `site.region.slug=emea`.
    ///
    /// # Errors
    /// As [`Query::parse`].
    pub(crate) fn parse_with(
        model: &'static Model,
        pairs: &[(String, String)],
        models: parse::Models<'_>,
    ) -> Result<Self, Problem> {
        parse::query(model, pairs, models)
    }

    /// Narrows by a further condition.
    #[must_use]
    pub fn and(mut self, expression: FilterExpr) -> Self {
        self.filter = FilterExpr::All(vec![self.filter, expression]);
        self
    }

    /// Narrows by one comparison.
    ///
    /// # Errors
    /// As [`FilterExpr::test`].
    pub fn filter(self, model: &Model, name: &str, op: Op, value: impl Into<Datum>) -> Result<Self, Problem> {
        Ok(self.and(FilterExpr::test(model, name, op, vec![value.into()])?))
    }

    /// At most this many rows, up to 1,000.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.clamp(1, MAX_LIMIT);
        self
    }

    /// Leaves out this many rows at the beginning. Doors page so; everything else by cursor.
    #[must_use]
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Counts everything that matches.
    #[must_use]
    pub fn counted(mut self, count: bool) -> Self {
        self.count = count;
        self
    }

    /// The records as they were at this time.
    ///
    /// # Errors
    /// 400 for a model that keeps no history.
    pub fn as_of(mut self, model: &Model, as_of: Option<DateTime<Utc>>) -> Result<Self, Problem> {
        if as_of.is_some() && !sql::keeps_history(model) {
            let text = format!("{} keep no history: leave as_of out.", model.title_plural);
            return Err(Problem::bad_request(text));
        }
        self.view = as_of.map_or(View::Tables, View::AsOf);
        Ok(self)
    }

    /// As this transaction sees records: with the rows of its branch, when it has to lay them over the tables.
    ///
    /// # Errors
    /// 400 for a past time in a branch, which has none.
    pub(crate) fn seen_by(&self, tx: &kit::ReadTx) -> Result<Self, Problem> {
        let mut query = self.clone();
        if tx.overlaid() {
            if query.view != View::Tables {
                return Err(Problem::bad_request(
                    "A branch has no past: leave as_of out, or leave the branch.",
                ));
            }
            query.view = View::Branch;
        }
        Ok(query)
    }

    /// Goes on behind the page that gave this cursor.
    #[must_use]
    pub fn after(mut self, cursor: Option<String>) -> Self {
        self.cursor = cursor;
        self
    }

    /// Another order: `-updated_at,name`.
    ///
    /// # Errors
    /// 400 for a column that cannot order.
    pub fn sort(mut self, model: &Model, sort: &str) -> Result<Self, Problem> {
        self.sort = parse::sort_keys(model, sort).map_err(|error| parse::problem(vec![error]))?;
        Ok(self)
    }
}
