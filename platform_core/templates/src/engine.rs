//! Rendering, as a pure function. Templates of people are not trusted: they read what they are given
//! and nothing else, and their fuel bounds both their time and their memory.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Rest, Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value};
use serde_json::Map;

/// Budget of one rendering: about a million steps, or 64 MiB of what it makes.
const FUEL: u64 = 1_000_000;
/// Deepest nesting of macros and blocks.
const DEPTH: usize = 200;

/// Why a template gives no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError {
    /// What is wrong: `UndefinedError: 'x' is undefined`.
    pub message: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// Is it the template itself, or what it was given?
    pub syntax: bool,
}

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        match self.line {
            Some(line) => write!(f, " (line {line})"),
            None => Ok(()),
        }
    }
}

/// How an environment is set up; names as Jinja has them.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of the template language")]
struct Settings {
    trim_blocks: bool,
    lstrip_blocks: bool,
    keep_trailing_newline: bool,
    autoescape: bool,
    strict: bool,
}

impl Settings {
    /// From parameters. Those this server does not know are told, not passed over.
    fn of(params: &Map<String, serde_json::Value>) -> Result<Self, TemplateError> {
        let mut settings = Self::default();
        for (name, value) in params {
            let flag = || {
                value.as_bool().ok_or_else(|| wrong(format!("The parameter {name} must be true or false.")))
            };
            match name.as_str() {
                "trim_blocks" => settings.trim_blocks = flag()?,
                "lstrip_blocks" => settings.lstrip_blocks = flag()?,
                "keep_trailing_newline" => settings.keep_trailing_newline = flag()?,
                "autoescape" => settings.autoescape = flag()?,
                "undefined" => match value.as_str().map(|name| name.rsplit('.').next().unwrap_or(name)) {
                    Some("StrictUndefined") => settings.strict = true,
                    Some("Undefined") => settings.strict = false,
                    _ => return Err(wrong("The parameter undefined is Undefined or StrictUndefined.")),
                },
                _ => return Err(wrong(format!("This server has no parameter {name} for templates."))),
            }
        }
        Ok(settings)
    }
}

fn wrong(message: impl Into<String>) -> TemplateError {
    TemplateError { message: message.into(), line: None, syntax: true }
}

/// Renders templates, each by itself, over the same values.
///
/// # Errors
/// Of the first that fails.
pub(crate) fn render(
    codes: &[&str],
    params: &Map<String, serde_json::Value>,
    context: &serde_json::Value,
) -> Result<Vec<String>, TemplateError> {
    let settings = Settings::of(params)?;
    let environment = environment(&settings)?;
    let context = Value::from(Serde(context));
    codes.iter().map(|code| one(&environment, code, &context)).collect()
}

fn environment(settings: &Settings) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(settings.trim_blocks)
        .lstrip_blocks(settings.lstrip_blocks)
        .keep_trailing_newline(settings.keep_trailing_newline)
        .build();
    environment.set_syntax(syntax.map_err(|error| told(&error))?);
    let strict = UndefinedBehavior::Strict;
    environment.set_undefined_behavior(if settings.strict { strict } else { UndefinedBehavior::Lenient });
    let escape = if settings.autoescape { AutoEscape::Html } else { AutoEscape::None };
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment.set_unknown_method_callback(method);
    environment.add_filter("tojson", to_json);
    Ok(environment)
}

fn one(environment: &Environment<'_>, code: &str, context: &Value) -> Result<String, TemplateError> {
    environment.render_named_str("template", code, context.clone()).map_err(|error| told(&error))
}

fn told(error: &Error) -> TemplateError {
    let detail = error.detail().unwrap_or_default();
    let message = match error.kind() {
        ErrorKind::OutOfFuel => "The template does too much: it was stopped.".to_owned(),
        ErrorKind::UndefinedError if detail.is_empty() => "UndefinedError: a value is undefined".to_owned(),
        ErrorKind::UndefinedError => format!("UndefinedError: {detail}"),
        ErrorKind::SyntaxError => format!("TemplateSyntaxError: {detail}"),
        ErrorKind::TemplateNotFound => "TemplateNotFound: templates cannot include others here".to_owned(),
        kind if detail.is_empty() => kind.to_string(),
        kind => format!("{kind}: {detail}"),
    };
    TemplateError { message, line: error.line(), syntax: error.kind() == ErrorKind::SyntaxError }
}

/// Methods that Python's values have, and those of lists of records: `device.interfaces.all()`.
fn method(state: &mut State<'_, '_>, value: &Value, name: &str, args: &[Value]) -> Result<Value, Error> {
    if matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        match name {
            "all" => return Ok(value.clone()),
            "exists" => return Ok(Value::from(value.try_iter()?.next().is_some())),
            "count" if args.is_empty() => return Ok(Value::from(value.try_iter()?.count())),
            "first" => return Ok(value.try_iter()?.next().unwrap_or_default()),
            "last" => return Ok(value.try_iter()?.last().unwrap_or_default()),
            "filter" | "exclude" => return filtered(value, name == "filter", args),
            _ => {}
        }
    }
    minijinja_contrib::pycompat::unknown_method_callback(state, value, name, args)
}

/// Those of a list whose attributes have the values: `filter(name="eth0", device__site="x")`.
fn filtered(value: &Value, wanted: bool, args: &[Value]) -> Result<Value, Error> {
    let (_, kwargs): (Rest<Value>, Kwargs) = minijinja::value::from_args(args)?;
    let names: Vec<&str> = kwargs.args().collect();
    let mut kept = Vec::new();
    for item in value.try_iter()? {
        let mut all = true;
        for name in &names {
            let mut at = item.clone();
            for part in name.split("__") {
                at = at.get_attr(part)?;
            }
            all &= at == kwargs.peek::<Value>(name)?;
        }
        if all == wanted {
            kept.push(item);
        }
    }
    kwargs.assert_all_used().or(Ok::<(), Error>(()))?;
    Ok(Value::from(kept))
}

/// JSON as Python writes it, safe within HTML.
fn to_json(value: &Value, indent: Option<usize>) -> Result<Value, Error> {
    let failed = |error: serde_json::Error| {
        Error::new(ErrorKind::BadSerialization, "cannot be written as JSON").with_source(error)
    };
    let json = serde_json::to_value(value).map_err(failed)?;
    let text = match indent {
        Some(0) | None => spaced(&json),
        Some(_) => serde_json::to_string_pretty(&json).map_err(failed)?,
    };
    let safe =
        text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('\'', "\\u0027");
    Ok(Value::from_safe_string(safe))
}

/// `{"a": 1, "b": [1, 2]}`
fn spaced(json: &serde_json::Value) -> String {
    match json {
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", "))
        }
        serde_json::Value::Object(members) => {
            let member = |(name, value): (&String, &serde_json::Value)| {
                format!("{}: {}", serde_json::Value::from(name.as_str()), spaced(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rendered(code: &str) -> Result<String, TemplateError> {
        let context = json!({"d": {"a": 1, "b": "x"}, "s": "banana", "l": [{"n": 1, "s": {"x": "p"}}, {"n": 2, "s": {"x": "q"}}]});
        render(&[code], &Map::new(), &context).map(|mut texts| texts.pop().unwrap_or_default())
    }

    #[test]
    fn templates_mean_what_they_mean_elsewhere() {
        for (code, expected) in [
            ("{{ 'a b'|upper }}-{{ [3,1,2]|sort|join(',') }}", "A B-1,2,3"),
            ("{% set x = 5 %}{{ x * 2 }}", "10"),
            ("{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m('q') }}", "<q>"),
            ("{{ '%05.2f'|format(3.14159) }}", "03.14"),
            ("{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "a=1;b=x;"),
            ("{{ d|tojson }}", "{\"a\": 1, \"b\": \"x\"}"),
            ("{{ '<b>'|tojson }}", "\"\\u003cb\\u003e\""),
            ("{{ s|replace('a','b')|title }}", "Bbnbnb"),
            ("{{ ''.__class__ }}", ""),
            ("{{ range(3)|list }}", "[0, 1, 2]"),
            ("{{ d.missing }}|{{ none }}|{{ true }}", "|None|True"),
            ("{%- raw -%} {{ x }} {%- endraw -%}", "{{ x }}"),
            ("{{ 7 // 2 }} {{ 7 % 2 }} {{ 2 ** 8 }} {{ 7 / 2 }}", "3 1 256 3.5"),
            ("{{ [1,2,3]|batch(2)|list }}", "[[1, 2], [3]]"),
            ("{{ l|map(attribute='n')|list }} {{ l|selectattr('n','gt',1)|list|length }}", "[1, 2] 1"),
            ("{% for x in l.all() %}{{ x.n }}{% endfor %}", "12"),
            ("{{ l.filter(s__x='q').first().n }} {{ l.exclude(n=1).count() }} {{ l.exists() }}", "2 1 True"),
            ("{{ '<b>' }}", "<b>"),
        ] {
            assert_eq!(rendered(code).as_deref(), Ok(expected), "{code}");
        }
    }

    #[test]
    fn errors_are_told() {
        for (code, expected, syntax) in [
            ("{{ nope.nope }}", "UndefinedError", false),
            ("{% if", "TemplateSyntaxError", true),
            ("{{ 1/0 }}", "", false),
            ("{% include 'x' %}", "TemplateNotFound", false),
            ("{% include '/etc/passwd' %}", "TemplateNotFound", false),
            ("{{ s|nofilter }}", "unknown filter", true),
        ] {
            let error = rendered(code).unwrap_err();
            assert!(error.message.contains(expected), "{code}: {error}");
            assert!(!syntax || error.line.is_some(), "{code}: {error}");
        }
        let params = json!({"extensions": ["x"]});
        assert!(render(&["x"], params.as_object().unwrap(), &json!({})).is_err());
    }

    #[test]
    fn parameters_of_the_environment() {
        let code = "[{% if true %}\n  x\n{% endif %}]";
        let params = json!({"trim_blocks": true, "lstrip_blocks": true});
        assert_eq!(render(&[code], params.as_object().unwrap(), &json!({})).unwrap(), ["[  x\n]"]);
        let strict = json!({"undefined": "jinja2.StrictUndefined", "autoescape": true});
        assert!(render(&["{{ x }}"], strict.as_object().unwrap(), &json!({})).is_err());
        assert_eq!(render(&["{{ x }}"], strict.as_object().unwrap(), &json!({"x": "<"})).unwrap(), ["&lt;"]);
    }

    #[test]
    fn too_much_is_stopped() {
        for code in [
            "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
            "{% set ns = namespace(a='xxxxxxxxxxxxxxxx') %}{% for i in range(60) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
            "{{ 'x' * 9000000000 }}",
            "{{ 'x'|center(9000000000) }}",
            "{{ '%9000000000d'|format(1) }}",
            "{{ range(9000000000)|list }}",
            "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
            "{% set ns = namespace(a='x' * 65536) %}{% for i in range(60) %}{% set ns.a = ns.a|replace('x', ns.a) %}{% endfor %}",
        ] {
            assert!(rendered(code).is_err(), "{code}");
        }
    }
}
