//! The route table: every API operation with who may call it, read from the OpenAPI document that
//! the handlers themselves produce. A route without a statement about access cannot be called.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::Method;
use kit::{Model, Permission, PermissionRegistry};
use serde_json::Value;

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: login and the documents of the API.
    Public,
    /// Any principal: its own view, logout.
    Authenticated,
    /// Principals with this permission.
    Needs(Permission),
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Route {
    /// HTTP method.
    pub method: Method,
    /// Path template as axum and OpenAPI write it.
    pub path: String,
    /// `operationId`.
    pub operation: Arc<str>,
    /// Who may call it.
    pub access: Access,
    /// `object:act` as text, for the audit log.
    pub permission: Option<Arc<str>>,
    /// The model whose records the record engine serves here: it looks at every one of them, so that
    /// who may reach some of them may come this far.
    pub records: Option<&'static Model>,
}

/// All operations of the API.
#[derive(Debug, Default)]
pub struct RouteTable {
    routes: HashMap<(Method, String), Route>,
}

impl RouteTable {
    /// Reads an OpenAPI document.
    ///
    /// # Errors
    /// Every operation that states no access, or a permission that nobody declared.
    pub fn read(document: &Value, registry: &PermissionRegistry) -> Result<Self, Vec<String>> {
        let mut table = Self::default();
        let mut errors = Vec::new();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for (verb, operation) in item.as_object().into_iter().flatten() {
                let Ok(method) = verb.to_uppercase().parse::<Method>() else { continue };
                if !matches!(verb.as_str(), "get" | "post" | "put" | "patch" | "delete" | "head" | "options")
                {
                    continue;
                }
                match access(operation, registry) {
                    Ok(access) => {
                        let records = operation.get("x-records").and_then(Value::as_str);
                        let records = records.and_then(|name| registry.model(name));
                        table.insert(method, path, operation, (access, records));
                    }
                    Err(error) => errors.push(format!("{method} {path}: {error}")),
                }
            }
        }
        if errors.is_empty() { Ok(table) } else { Err(errors) }
    }

    fn insert(
        &mut self,
        method: Method,
        path: &str,
        operation: &Value,
        (access, records): (Access, Option<&'static Model>),
    ) {
        let name = operation.get("operationId").and_then(Value::as_str).unwrap_or(path);
        let permission = match access {
            Access::Needs(permission) => Some(permission.to_string().into()),
            Access::Public | Access::Authenticated => None,
        };
        let route = Route {
            method: method.clone(),
            path: path.to_owned(),
            operation: name.into(),
            access,
            permission,
            records,
        };
        self.routes.insert((method, path.to_owned()), route);
    }

    /// The operation behind a matched path. `HEAD` is answered by `GET`.
    pub fn find(&self, method: &Method, path: &str) -> Option<&Route> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.routes.get(&(method.clone(), path.to_owned()))
    }

    /// The operation with this `operationId`.
    pub fn called(&self, operation: &str) -> Option<&Route> {
        self.iter().find(|route| &*route.operation == operation)
    }

    /// All operations, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.values()
    }
}

fn access(operation: &Value, registry: &PermissionRegistry) -> Result<Access, String> {
    let flag = |name: &str| operation.get(name) == Some(&Value::Bool(true));
    if flag("x-public") {
        return Ok(Access::Public);
    }
    if flag("x-authenticated") || operation.get("x-permission") == Some(&Value::from("authenticated")) {
        return Ok(Access::Authenticated);
    }
    let text = operation
        .get("x-permission")
        .and_then(Value::as_str)
        .ok_or("states neither x-permission nor x-authenticated nor x-public")?;
    registry
        .permissions()
        .find(|permission| permission.to_string() == text)
        .map(Access::Needs)
        .ok_or_else(|| format!("the permission {text} is declared by nobody"))
}

#[cfg(test)]
mod tests {
    use kit::{Act, PermissionObject};
    use serde_json::json;

    use super::*;

    #[test]
    fn every_operation_states_who_may_call_it() {
        let registry = PermissionRegistry::new([PermissionObject { object: "a/b", title: "" }]);
        let good = json!({"paths": {"/x/{id}": {"get": {"x-permission": "a/b:read", "operationId": "x_get"}, "parameters": []},
            "/login": {"post": {"x-public": true}}}});
        let table = RouteTable::read(&good, &registry).unwrap();
        let route = table.find(&Method::HEAD, "/x/{id}").unwrap();
        assert_eq!(route.access, Access::Needs(Permission::new("a/b", Act::Read)));
        assert_eq!(&*route.operation, "x_get");
        let bad = json!({"paths": {"/x": {"get": {}, "put": {"x-permission": "a/c:read"}}}});
        assert_eq!(RouteTable::read(&bad, &registry).unwrap_err().len(), 2);
    }
}
