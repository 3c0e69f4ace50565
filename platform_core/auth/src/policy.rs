//! Policies in Casbin's model and text, compiled per principal and tenant to a bitset. The `casbin`
//! crate itself is the oracle of the property test and answers `authz/explain` (platform.md 2.3).

use std::sync::Arc;

use kit::{Act, PermSet, Permission, PermissionRegistry};

/// The model text. A constant of ours; a test loads it into casbin.
pub const MODEL: &str = r#"[request_definition]
r = sub, obj, act, tenant
[policy_definition]
p = sub, obj, act, tenant, eft
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (p.tenant == "*" || p.tenant == r.tenant) && (g(r.sub, p.sub, r.tenant) || g(r.sub, p.sub, "*")) && objMatch(r.obj, p.obj) && actMatch(r.act, p.act)
"#;

/// The roles every tenant has, with their rules.
pub const BUILTIN: &[(&str, &str, &[&str])] = &[
    ("admin", "Everything in this tenant.", &["*:read|write|delete|execute|admin"]),
    (
        "operator",
        "Works with the network: discovers, edits, runs; no users, roles or settings.",
        &[
            "*:read",
            "monitoring/*:read|write|delete|execute",
            "atlas/*:read|write|execute",
            "platform/jobs:read|execute",
            "!platform/tokens:read|write|delete|execute|admin",
            "!audit/*:read",
        ],
    ),
    (
        "viewer",
        "Sees the network; changes nothing.",
        &["*:read", "!monitoring/credentials:read", "!audit/*:read"],
    ),
];

/// One rule of a role: `[!]<object>:<act>[|<act>]`, where the object is `*`, exact, or `prefix/*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Denies instead of allowing. A denial wins over every permission.
    pub deny: bool,
    /// Object pattern.
    pub object: String,
    /// Acts.
    pub acts: Vec<Act>,
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let acts: Vec<&str> = self.acts.iter().map(|act| act.as_str()).collect();
        write!(f, "{}{}:{}", if self.deny { "!" } else { "" }, self.object, acts.join("|"))
    }
}

/// Reads a rule.
///
/// # Errors
/// What is wrong with the text and what is expected.
pub fn parse(text: &str) -> Result<Rule, String> {
    let (deny, rest) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
    let Some((object, acts)) = rest.split_once(':') else {
        return Err(format!(
            "`{text}` has no `:`. Write an object and its acts, like monitoring/credentials:read|write."
        ));
    };
    let segments: Vec<&str> = object.split('/').collect();
    let plain = |s: &&str| {
        !s.is_empty() && s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let well_formed = match segments.as_slice() {
        ["*"] => true,
        [first @ .., "*"] => !first.is_empty() && first.iter().all(plain),
        all => all.iter().all(plain),
    };
    if !well_formed || object.len() > 128 {
        return Err(format!(
            "`{object}` is no object. Write `*`, `product/*` or `product/kind` in lower case."
        ));
    }
    let acts = acts
        .split('|')
        .map(|act| {
            Act::ALL.into_iter().find(|known| known.as_str() == act).ok_or_else(|| {
                format!("`{act}` is no act. The acts are read, write, delete, execute and admin.")
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Rule { deny, object: object.to_owned(), acts })
}

/// `*`, exact, or `prefix/*` on a segment border. Never a bare prefix, never an expression.
pub fn object_matches(object: &str, pattern: &str) -> bool {
    pattern == "*"
        || object == pattern
        || pattern
            .strip_suffix("/*")
            .is_some_and(|prefix| object.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/')))
}

/// Compiles the rules of all roles a principal has in a tenant.
pub fn compile<'a>(registry: &Arc<PermissionRegistry>, rules: impl IntoIterator<Item = &'a Rule>) -> PermSet {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    let mut set = PermSet::none(registry.clone());
    for permission in registry.permissions() {
        let applies = |rule: &&&Rule| {
            rule.acts.contains(&permission.act) && object_matches(permission.object, &rule.object)
        };
        let mut matching = rules.iter().filter(applies).peekable();
        let some = matching.peek().is_some();
        if matching.any(|rule| rule.deny) {
            set.bar(permission);
        } else if some {
            set.insert(permission);
        }
    }
    set
}

/// The rules that decide about one permission, for `authz/explain`.
pub fn deciding(rules: &[(String, Rule)], permission: Permission) -> Vec<&(String, Rule)> {
    rules
        .iter()
        .filter(|(_, rule)| {
            rule.acts.contains(&permission.act) && object_matches(permission.object, &rule.object)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};
    use kit::PermissionObject;
    use proptest::prelude::*;

    use super::*;

    const OBJECTS: &[&str] = &[
        "monitoring/credentials",
        "monitoring/scopes",
        "atlas/topology",
        "atlas/unplaced",
        "audit/entries",
        "platform/users",
    ];

    fn registry() -> Arc<PermissionRegistry> {
        Arc::new(PermissionRegistry::new(OBJECTS.iter().map(|object| PermissionObject { object, title: "" })))
    }

    #[test]
    fn rules_are_read_or_explained() {
        assert_eq!(
            parse("!audit/*:read|write").unwrap(),
            Rule { deny: true, object: "audit/*".into(), acts: vec![Act::Read, Act::Write] }
        );
        for wrong in [
            "",
            "audit",
            "audit/*:",
            "audit/*:own",
            "Audit/x:read",
            "au*/x:read",
            "a//b:read",
            "/*:read",
            "*/*:read",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        for (name, _, rules) in BUILTIN {
            for rule in *rules {
                parse(rule).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
    }

    #[test]
    fn patterns_end_at_segment_borders() {
        for (object, pattern, matches) in [
            ("inventory/devices", "inventory/*", true),
            ("inventoryx/devices", "inventory/*", false),
            ("inventory/devices/42", "inventory/devices", false),
            ("inventory", "inventory/*", false),
            ("anything/at-all", "*", true),
        ] {
            assert_eq!(object_matches(object, pattern), matches, "{object} {pattern}");
        }
    }

    fn any_rule() -> impl Strategy<Value = String> {
        let object = prop::sample::select(vec![
            "*",
            "monitoring/*",
            "atlas/*",
            "audit/*",
            "monitoring/credentials",
            "atlas/topology",
            "platform/users",
            "mon/*",
        ]);
        let acts = prop::sample::subsequence(Act::ALL.to_vec(), 1..=5);
        (any::<bool>(), object, acts).prop_map(|(deny, object, acts)| {
            let acts: Vec<&str> = acts.iter().map(|act| act.as_str()).collect();
            format!("{}{object}:{}", if deny { "!" } else { "" }, acts.join("|"))
        })
    }

    async fn oracle(roles: &[Vec<String>]) -> Enforcer {
        let model = DefaultModel::from_str(MODEL).await.unwrap();
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.unwrap();
        enforcer.add_function(
            "objMatch",
            casbin::function_map::OperatorFunction::Arg2(|object, pattern| {
                object_matches(&object.to_string(), &pattern.to_string()).into()
            }),
        );
        enforcer.add_function(
            "actMatch",
            casbin::function_map::OperatorFunction::Arg2(|act, acts| {
                acts.to_string().split('|').any(|one| one == act.to_string()).into()
            }),
        );
        for (n, rules) in roles.iter().enumerate() {
            for rule in rules {
                let (deny, rest) = rule.strip_prefix('!').map_or((false, rule.as_str()), |rest| (true, rest));
                let (object, acts) = rest.split_once(':').unwrap();
                let role = format!("role:r{n}");
                let line = [role.as_str(), object, acts, "t1", if deny { "deny" } else { "allow" }];
                enforcer.add_policy(line.map(str::to_owned).to_vec()).await.unwrap();
            }
            enforcer.add_role_for_user("user:1", &format!("role:r{n}"), Some("t1")).await.unwrap();
        }
        enforcer
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn compiled_sets_answer_as_casbin_does(roles in prop::collection::vec(prop::collection::vec(any_rule(), 0..4), 1..4)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let enforcer = runtime.block_on(oracle(&roles));
            let rules: Vec<Rule> = roles.iter().flatten().map(|text| parse(text).unwrap()).collect();
            let registry = registry();
            let set = compile(&registry, &rules);
            for permission in registry.permissions() {
                let asked = |sub: &str, tenant: &str| {
                    enforcer.enforce((sub, permission.object, permission.act.as_str(), tenant)).unwrap()
                };
                prop_assert_eq!(set.allows(permission), asked("user:1", "t1"), "{} {:?}", permission, roles);
                prop_assert!(!asked("user:1", "t2"));
                prop_assert!(!asked("user:2", "t1"));
            }
        }
    }
}
