//! All models of this server, checked and derived once.

use std::collections::HashMap;

use kit::record::{ANY, Field, FieldKind, Model};

use crate::check;
use crate::entity::{Entity, Referrer};

/// What is wrong with the descriptors.
#[derive(Debug, thiserror::Error)]
#[error("{} fault(s) in record models: {}", .0.len(), .0.join("; "))]
pub struct ModelErrors(pub Vec<String>);

/// The models by name.
pub(crate) struct Registry {
    entities: Vec<Entity>,
    by_name: HashMap<&'static str, usize>,
}

impl Registry {
    pub(crate) fn new(models: &[&'static Model]) -> Result<Self, ModelErrors> {
        let faults = check::check(models);
        if !faults.is_empty() {
            return Err(ModelErrors(faults));
        }
        let models: Vec<&'static Model> = models.iter().map(|model| completed(model, models)).collect();
        let mut entities: Vec<Entity> = models.iter().map(|model| Entity::new(model)).collect();
        let by_name: HashMap<&'static str, usize> =
            models.iter().enumerate().map(|(position, model)| (model.name, position)).collect();
        for model in &models {
            for field in model.fields {
                let targets: &[&str] = match &field.kind {
                    FieldKind::Reference { model: target, .. } | FieldKind::References { model: target } => {
                        std::slice::from_ref(target)
                    }
                    FieldKind::Generic { models, .. } => models,
                    _ => &[],
                };
                for target in targets {
                    if let Some(entity) = by_name.get(target).and_then(|at| entities.get_mut(*at)) {
                        entity.referrers.push(Referrer { model, field });
                    }
                }
            }
        }
        Ok(Self { entities, by_name })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Entity> {
        self.by_name.get(name).and_then(|at| self.entities.get(*at))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.entities.iter()
    }
}

/// The model with the names of all others where it may refer to any. Made once and kept as long as the
/// server runs, like the declarations themselves.
fn completed(model: &'static Model, all: &[&'static Model]) -> &'static Model {
    let any = |field: &Field| matches!(field.kind, FieldKind::Generic { models, .. } if models == ANY);
    if !model.fields.iter().any(any) {
        return model;
    }
    let others = all.iter().filter(|other| other.operations.update && other.name != model.name);
    let names: &'static [&'static str] = others.map(|other| other.name).collect::<Vec<_>>().leak();
    let field = |field: &Field| {
        let mut completed = *field;
        if let FieldKind::Generic { on_delete, .. } = field.kind
            && any(field)
        {
            completed.kind = FieldKind::Generic { models: names, on_delete };
        }
        completed
    };
    let fields: &'static [Field] = model.fields.iter().map(field).collect::<Vec<_>>().leak();
    Box::leak(Box::new(Model { fields, ..*model }))
}
