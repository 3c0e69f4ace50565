//! Conditions and orders as SQL.

use kit::Problem;
use kit::record::FieldKind;

use super::built::Built;
use super::lower;
use crate::datum::Datum;
use crate::query::{Column, FilterExpr, Op, SortKey, Test};

fn joined(built: &mut Built, parts: &[FilterExpr], with: &str, empty: &str) -> Result<(), Problem> {
    if parts.is_empty() {
        built.push(empty);
        return Ok(());
    }
    built.push("(");
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            built.push(with);
        }
        filter(built, part)?;
    }
    built.push(")");
    Ok(())
}

pub(super) fn filter(built: &mut Built, expression: &FilterExpr) -> Result<(), Problem> {
    match expression {
        FilterExpr::All(parts) => joined(built, parts, " AND ", "true"),
        FilterExpr::Any(parts) => joined(built, parts, " OR ", "false"),
        FilterExpr::Not(part) => {
            built.push("NOT coalesce(");
            filter(built, part)?;
            built.push(", false)");
            Ok(())
        }
        FilterExpr::Test(test) => condition(built, test),
        FilterExpr::Custom(test) => super::custom::condition(built, test),
        FilterExpr::Via(step, part) => {
            let name = step.name;
            built.push(&match step.kind {
                FieldKind::References { .. } => format!("t.\"{name}\" && ARRAY("),
                // The name of a model: a checked identifier.
                FieldKind::Generic { .. } => {
                    format!("(t.\"{name}_type\" = '{}' AND t.\"{name}_id\" IN (", step.target.name)
                }
                _ => format!("t.\"{name}\" IN ("),
            });
            built.push("SELECT t.id FROM ");
            built.source(step.target)?;
            built.push(" WHERE ");
            filter(built, part)?;
            built.push(if matches!(step.kind, FieldKind::Generic { .. }) { "))" } else { ")" });
            Ok(())
        }
        FilterExpr::Has(child, part) => {
            let name = child.name;
            built.push(&match child.kind {
                FieldKind::References { .. } => format!("t.id IN (SELECT unnest(t.\"{name}\") FROM "),
                FieldKind::Generic { .. } => format!("t.id IN (SELECT t.\"{name}_id\" FROM "),
                _ => format!("t.id IN (SELECT t.\"{name}\" FROM "),
            });
            built.source(child.target)?;
            built.push(" WHERE ");
            filter(built, part)?;
            built.push(")");
            Ok(())
        }
        FilterExpr::Below(model, part) => {
            let parent = model.parent.unwrap_or("id");
            built.push("t.id IN (WITH RECURSIVE d AS (SELECT t.id FROM ");
            built.source(model)?;
            built.push(" WHERE ");
            filter(built, part)?;
            built.push(" UNION SELECT t.id FROM ");
            built.source(model)?;
            built.push(&format!(" JOIN d ON t.\"{parent}\" = d.id) SELECT d.id FROM d)"));
            Ok(())
        }
        FilterExpr::Search(columns, word) => {
            built.push("(false");
            for column in columns {
                built.push(" OR ");
                has_text(built, column, &Datum::from(word.as_str()))?;
            }
            built.push(")");
            Ok(())
        }
    }
}

fn has_text(built: &mut Built, column: &Column, text: &Datum) -> Result<(), Problem> {
    built.push(&format!("strpos({}, lower(", column.search_sql()));
    built.bind_datum(text)?;
    built.push(" COLLATE \"und-x-icu\") COLLATE \"C\") > 0");
    Ok(())
}

/// Binds a text in lower case.
fn lowered(built: &mut Built, value: &Datum) -> Result<(), Problem> {
    built.push("lower(");
    built.bind_datum(value)?;
    built.push(" COLLATE \"und-x-icu\") COLLATE \"C\"");
    Ok(())
}

/// Binds a value as the column is compared: lower case for text.
fn operand(built: &mut Built, column: &Column, value: &Datum) -> Result<(), Problem> {
    if column.ci { lowered(built, value) } else { built.bind_datum(value) }
}

/// Compares what a function says of an address with its length.
fn measured(built: &mut Built, function: &str, test: &Test, operator: &str) -> Result<(), Problem> {
    built.push(&format!("{function}(t.\"{}\") {operator} ", test.column.name));
    built.bind_datum(test.values.first().unwrap_or(&Datum::Null))
}

fn condition(built: &mut Built, test: &Test) -> Result<(), Problem> {
    let column = &test.column;
    let left = column.sql();
    let first = test.values.first().unwrap_or(&Datum::Null);
    let operator = match test.op {
        Op::Family => return measured(built, "family", test, "="),
        Op::Length => return measured(built, "masklen", test, "="),
        Op::LengthLte => return measured(built, "masklen", test, "<="),
        Op::LengthGte => return measured(built, "masklen", test, ">="),
        Op::IsNull => {
            let yes = *first == Datum::Bool(true);
            built.push(&format!("{left} IS {}NULL", if yes { "" } else { "NOT " }));
            return Ok(());
        }
        Op::In => {
            built.push(&format!("{left} = ANY("));
            if column.ci {
                built.push("ARRAY(SELECT lower(v COLLATE \"und-x-icu\") COLLATE \"C\" FROM unnest(");
                built.bind_list(&test.values)?;
                built.push(") v)");
            } else {
                built.bind_list(&test.values)?;
            }
            built.push(")");
            return Ok(());
        }
        Op::Eq | Op::Ne if let Datum::Interface(net) = first => {
            // The address by its index, then its length.
            built.push(if test.op == Op::Ne { "NOT coalesce(" } else { "(" });
            built.push(&format!("{left} = "));
            built.bind_datum(&Datum::Ip(net.addr()))?;
            built.push(&format!(" AND t.\"{}\" = ", column.name));
            built.bind_datum(first)?;
            built.push(if test.op == Op::Ne { ", false)" } else { ")" });
            return Ok(());
        }
        Op::IEq | Op::StartsWith if !column.ci => {
            built.push(&lower(&left));
            built.push(if test.op == Op::IEq { " = " } else { " ^@ " });
            return lowered(built, first);
        }
        Op::EndsWith => {
            built.push(&format!("right({}, char_length(", column.search_sql()));
            lowered(built, first)?;
            built.push(")) = ");
            return lowered(built, first);
        }
        Op::Regex | Op::IRegex => {
            built.push(&format!("t.\"{}\" {} ", column.name, if test.op == Op::Regex { "~" } else { "~*" }));
            return built.bind_datum(first);
        }
        Op::Contains | Op::Eq if column.is_list() => {
            built.bind_datum(first)?;
            built.push(&format!(" = ANY({left})"));
            return Ok(());
        }
        Op::Contains if matches!(column.kind, FieldKind::Prefix) => {
            built.push(&format!("{left} = ANY("));
            built.bind_list(&test.values)?;
            built.push(")");
            return Ok(());
        }
        Op::Contains => {
            return has_text(built, column, first);
        }
        Op::Within => {
            let (Some(low), Some(high)) = (test.values.first(), test.values.get(1)) else {
                return Err(Problem::internal("within needs two bounds"));
            };
            built.push(&format!("({left} >= "));
            built.bind_datum(low)?;
            built.push(&format!(" AND {left} <= "));
            built.bind_datum(high)?;
            built.push(")");
            return Ok(());
        }
        Op::Eq | Op::IEq => " = ",
        Op::Ne => " IS DISTINCT FROM ",
        Op::Lt => " < ",
        Op::Lte => " <= ",
        Op::Gt => " > ",
        Op::Gte => " >= ",
        Op::StartsWith => " ^@ ",
    };
    built.push(&left);
    built.push(operator);
    operand(built, column, first)
}

/// Everything behind the row with these sort values: `k1 > a OR (k1 = a AND (k2 > b OR ...))`, nulls
/// where PostgreSQL puts them (last ascending, first descending). The last key is the id.
pub(super) fn keyset(built: &mut Built, sort: &[SortKey], after: &[Datum]) -> Result<(), Problem> {
    let ascending = sort.iter().all(|key| !key.descending);
    let descending = sort.iter().all(|key| key.descending);
    let plain = sort.iter().all(|key| !key.column.nullable) && (ascending || descending);
    if plain {
        let columns: Vec<String> = sort.iter().map(|key| key.column.sql()).collect();
        built.push(&format!("({}) {} (", columns.join(", "), if ascending { ">" } else { "<" }));
        for (at, (key, value)) in sort.iter().zip(after).enumerate() {
            if at > 0 {
                built.push(", ");
            }
            operand(built, &key.column, value)?;
        }
        built.push(")");
        return Ok(());
    }
    let mut open = 0;
    for (at, (key, value)) in sort.iter().zip(after).enumerate() {
        let left = key.column.sql();
        let last = at + 1 == sort.len();
        built.push("(");
        match (value.is_null(), key.descending) {
            (true, false) => built.push("false"),
            (true, true) => built.push(&format!("{left} IS NOT NULL")),
            (false, down) => {
                built.push(&left);
                built.push(if down { " < " } else { " > " });
                operand(built, &key.column, value)?;
                if !down && key.column.nullable {
                    built.push(&format!(" OR {left} IS NULL"));
                }
            }
        }
        if last {
            built.push(")");
            break;
        }
        built.push(" OR (");
        if value.is_null() {
            built.push(&format!("{left} IS NULL"));
        } else {
            built.push(&left);
            built.push(" = ");
            operand(built, &key.column, value)?;
        }
        built.push(" AND ");
        open += 1;
    }
    built.push(&"))".repeat(open));
    Ok(())
}
