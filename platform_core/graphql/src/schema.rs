//! A definition becomes a schema that answers requests.

use std::sync::Arc;

use apollo_compiler::collections::HashMap;
use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::executable::Operation;
use apollo_compiler::parser::Parser;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Name, Schema, introspection, request};
use kit::graphql::{GraphQl, Limits, Request, Source};
use kit::{BoxFuture, Ctx, Problem};
use serde_json::{Map, Value, json};

use crate::execute::Run;
use crate::{bounds, words};

/// Most tokens of a query.
const MAX_TOKENS: usize = 15_000;
/// Deepest nesting that is parsed; what selections may have is bounded tighter.
const MAX_RECURSION: usize = 100;

/// Makes schemas: the service of this room.
#[derive(Clone, Copy, Debug, Default)]
pub struct Executor;

impl GraphQl for Executor {
    fn schema(
        &self,
        definition: &str,
        source: Arc<dyn Source>,
        limits: Limits,
    ) -> Result<Arc<dyn kit::graphql::Schema>, Problem> {
        Ok(Arc::new(Prepared::new(definition, source, limits)?))
    }
}

/// A schema with what loads it.
pub(crate) struct Prepared {
    schema: Valid<Schema>,
    implementers: HashMap<Name, Implementers>,
    source: Arc<dyn Source>,
    limits: Limits,
}

/// Why a request is not executed.
type Refused = Vec<Value>;

impl Prepared {
    pub(crate) fn new(definition: &str, source: Arc<dyn Source>, limits: Limits) -> Result<Self, Problem> {
        let schema = Schema::parse_and_validate(definition, "schema.graphql")
            .map_err(|wrong| Problem::internal(format!("GraphQL schema: {}", wrong.errors)))?;
        let implementers = schema.implementers_map();
        Ok(Self { schema, implementers, source, limits })
    }

    async fn run(&self, ctx: &Ctx, request: &Request) -> Result<Value, Refused> {
        let document = self.document(&request.query)?;
        let refused = |message: String| vec![words::error(message, &request.query, None)];
        let operation = document
            .operations
            .get(request.operation.as_deref())
            .map_err(|error| refused(error.message().to_string()))?;
        if let Some(message) = bounds::broken(&document, operation, self.limits) {
            return Err(refused(message));
        }
        let variables = self.variables(operation, request)?;
        let meta = self.introspected(&document, operation, &variables, &request.query)?;
        let Ok(Value::Object(variables)) = serde_json::to_value(&*variables) else {
            return Err(refused("The variables are no object.".to_owned()));
        };
        let mut run = Run {
            ctx,
            schema: &self.schema,
            document: &document,
            variables: &variables,
            meta: &meta,
            source: &*self.source,
            text: &request.query,
            room: self.limits.objects,
            most: self.limits.objects,
            errors: Vec::new(),
        };
        let data = run.root(operation).await;
        let mut answer = Map::new();
        answer.insert("data".to_owned(), data.map_or(Value::Null, Value::Object));
        if !run.errors.is_empty() {
            answer.insert("errors".to_owned(), Value::Array(run.errors));
        }
        Ok(Value::Object(answer))
    }

    /// The query, parsed and valid.
    fn document(&self, text: &str) -> Result<Valid<ExecutableDocument>, Refused> {
        let mut parser = Parser::new().recursion_limit(MAX_RECURSION).token_limit(MAX_TOKENS);
        let ast = parser.parse_ast(text, "query").map_err(|wrong| vec![unparsed(&wrong.errors, text)])?;
        let wrong = words::wrong(&self.schema, &ast, text);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let told = |errors: &DiagnosticList| -> Refused {
            errors
                .iter()
                .map(|wrong| {
                    let message = wrong.error.unstable_compat_message();
                    let message = message.unwrap_or_else(|| wrong.error.to_string()).replace('"', "'");
                    words::error(message, text, words::offset(wrong.error.location()))
                })
                .collect()
        };
        let document = ast.to_executable(&self.schema).map_err(|wrong| told(&wrong.errors))?;
        document.validate(&self.schema).map_err(|wrong| told(&wrong.errors))
    }

    fn variables(&self, operation: &Operation, request: &Request) -> Result<Valid<JsonMap>, Refused> {
        for variable in &operation.variables {
            let given = request.variables.contains_key(variable.name.as_str());
            if !given && variable.ty.is_non_null() && variable.default_value.is_none() {
                let message = format!(
                    "Variable '${}' has invalid value: Expected a value of non-null type '{}' to be provided.",
                    variable.name, variable.ty
                );
                return Err(vec![words::error(message, &request.query, words::offset(variable.location()))]);
            }
        }
        let refused = |message: String, at| vec![words::error(message, &request.query, at)];
        let given: JsonMap = serde_json::from_value(Value::Object(request.variables.clone()))
            .map_err(|error| refused(error.to_string(), None))?;
        request::coerce_variable_values(&self.schema, operation, &given)
            .map_err(|error| refused(error.message().to_string(), words::offset(error.location())))
    }

    /// What the query asks of the schema itself.
    fn introspected(
        &self,
        document: &Valid<ExecutableDocument>,
        operation: &Operation,
        variables: &Valid<JsonMap>,
        text: &str,
    ) -> Result<Map<String, Value>, Refused> {
        let asks = |name: &str| name == "__schema" || name == "__type";
        if !operation.root_fields(document).any(|field| asks(&field.name)) {
            return Ok(Map::new());
        }
        let refused = |error: request::RequestError| {
            vec![words::error(error.message().to_string(), text, words::offset(error.location()))]
        };
        introspection::check_max_depth(document, operation).map_err(refused)?;
        let answer =
            introspection::partial_execute(&self.schema, &self.implementers, document, operation, variables)
                .map_err(refused)?;
        match serde_json::to_value(&answer.data) {
            Ok(Value::Object(data)) => Ok(data),
            _ => Ok(Map::new()),
        }
    }
}

impl kit::graphql::Schema for Prepared {
    fn answer<'a>(&'a self, ctx: &'a Ctx, request: &'a Request) -> BoxFuture<'a, Value> {
        Box::pin(async move {
            match self.run(ctx, request).await {
                Ok(answer) => answer,
                Err(errors) => json!({"data": null, "errors": errors}),
            }
        })
    }
}

/// The first thing that is no GraphQL: all that follows comes from it.
fn unparsed(errors: &DiagnosticList, text: &str) -> Value {
    let Some(wrong) = errors.iter().next() else {
        return words::error("Syntax Error.", text, None);
    };
    let whole = wrong.error.to_string();
    let message = whole.strip_prefix("syntax error: ").map(|message| {
        let span = wrong.error.location();
        let found = span.and_then(|span| text.get(span.offset()..span.end_offset())).unwrap_or_default();
        words::syntax(message, found)
    });
    words::error(message.unwrap_or(whole), text, words::offset(wrong.error.location()))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use kit::graphql::{Column, Level};

    use super::*;

    /// Loads nothing.
    struct Nothing;

    impl Source for Nothing {
        fn load<'a>(&'a self, level: Level<'a>) -> BoxFuture<'a, Vec<Column>> {
            Box::pin(async move { level.wanted.iter().map(|_| Ok(Vec::new())).collect() })
        }
    }

    fn refused(limits: Limits, query: &str) -> Option<String> {
        let schema = "type Query { site: Site list: [Site!]! } type Site { name: String near: Site }";
        let prepared = Prepared::new(schema, Arc::new(Nothing), limits).unwrap();
        let document = match prepared.document(query) {
            Ok(document) => document,
            Err(errors) => return Some(errors[0]["message"].as_str().unwrap().to_owned()),
        };
        bounds::broken(&document, document.operations.get(None).unwrap(), limits)
    }

    const WIDE: Limits = Limits { depth: 10, fields: 50, aliases: None, objects: 10 };

    #[test]
    fn queries_are_bounded() {
        assert_eq!(refused(WIDE, "{site{near{near{name}}}}"), None);
        let shallow = Limits { depth: 3, ..WIDE };
        assert!(refused(shallow, "{site{near{name}}}").is_none());
        assert!(refused(shallow, "{site{near{near{name}}}}").unwrap().contains("deeper than 3 levels"));
        let spread = "{site{...F}} fragment F on Site{near{near{name}}}";
        assert!(refused(shallow, spread).unwrap().contains("deeper than 3 levels"));
        let few = Limits { fields: 3, ..WIDE };
        assert!(refused(few, "{site{name near{name}}}").unwrap().contains("more than 3 fields"));
        let named = Limits { aliases: Some(1), ..WIDE };
        assert_eq!(refused(named, "{a:site{b:name}}").unwrap(), "2 aliases found. Allowed: 1");
    }

    #[test]
    fn fragments_that_double_are_stopped_early() {
        let mut query = "{site{...F0}}".to_owned();
        for at in 0..12 {
            let next = at + 1;
            let _ = write!(query, " fragment F{at} on Site{{near{{...F{next}}} x:near{{...F{next}}}}}");
        }
        query.push_str(" fragment F12 on Site{name}");
        let limits = Limits { depth: 100, ..WIDE };
        assert!(refused(limits, &query).is_some());
    }

    #[test]
    fn what_is_no_query_is_told() {
        assert_eq!(refused(WIDE, "{site{").unwrap(), "Syntax Error: Expected Name, found <EOF>.");
        assert!(refused(WIDE, "{site{name{x}}}").is_some());
        assert!(refused(WIDE, "{site}").unwrap().contains("must have a selection of subfields"));
        let unused = refused(WIDE, "query($a:String){site{name}}");
        assert!(unused.as_ref().is_some_and(|text| text.contains("never used")), "{unused:?}");
    }
}
