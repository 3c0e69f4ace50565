//! Do the tables fit the models? Asked in tests and by `portolan doctor`.

use kit::Ctx;
use kit::record::Model;

use super::Engine;
use crate::datum::Datum;
use crate::query::{Column, FilterExpr, Op, Query};

impl Engine {
    /// Plans the list of every model with every filter and every order, each in a transaction of its
    /// own, and says which the database refuses: a missing table, column, type or right. Reads no row.
    pub async fn verify(&self, ctx: &Ctx) -> Vec<String> {
        let mut faults = Vec::new();
        for model in self.models() {
            let mut queries = vec![("list".to_owned(), Query::all(model))];
            for column in Column::filters(model) {
                let absent = FilterExpr::test(model, column.name, Op::IsNull, vec![Datum::Bool(true)]);
                queries.extend(
                    absent.ok().map(|test| (format!("filter {}", column.name), Query::all(model).and(test))),
                );
            }
            for column in Column::sorts(model) {
                let query = Query::all(model).sort(model, column.name);
                queries.extend(query.ok().map(|query| (format!("order {}", column.name), query)));
            }
            if let Ok(query) = Query::parse(model, &[("q".to_owned(), "word".to_owned())]) {
                queries.push(("search".to_owned(), query));
            }
            for (what, query) in queries {
                faults.extend(
                    self.refused(ctx, model, &query)
                        .await
                        .map(|why| format!("{}: {what}: {why}", model.name)),
                );
            }
        }
        faults
    }

    async fn refused(&self, ctx: &Ctx, model: &'static Model, query: &Query) -> Option<String> {
        let mut tx = match ctx.read().await {
            Ok(tx) => tx,
            Err(problem) => return Some(problem.to_string()),
        };
        self.explain(&mut tx, ctx.tenant(), model, query).await.err().map(|problem| problem.to_string())
    }
}
