//! Where a device says it is, against the site it should be at.

use std::collections::{BTreeMap, BTreeSet};

use model::DocumentKind;
use model::adoption::{DeviceFact, Repair};

use super::scene::{About, Scene, stated, told};
use super::{Kind, Type};

/// Sites of the source of truth: the name in lower case, and as it is written.
pub(super) type Sites = BTreeMap<String, String>;

/// All sites that intended devices name.
pub(super) fn sites(scene: &Scene<'_>) -> Sites {
    let names = scene.intents.devices.iter().map(|intended| intended.device.site.trim());
    let named = names.filter(|name| !name.is_empty());
    named.map(|name| (name.to_lowercase(), name.to_owned())).collect()
}

/// The sites that a place names: as a whole, or by one of the parts between commas.
fn named<'s>(place: &str, sites: &'s Sites) -> BTreeSet<&'s str> {
    let place = place.trim().to_lowercase();
    let parts = std::iter::once(place.as_str()).chain(place.split(',').map(str::trim));
    parts.filter_map(|part| sites.get(part)).map(String::as_str).collect()
}

/// A place is free text: what names no site that is known says nothing, and what names several neither.
pub(super) fn compare(scene: &mut Scene<'_>, at: usize, entity: usize, sites: &Sites) {
    let intended = &scene.intents.devices[at];
    let should = intended.device.site.trim();
    let (Some(place), Some(held)) =
        (scene.entity(entity).site.as_deref(), scene.devices[entity].held.get(&DocumentKind::System))
    else {
        return;
    };
    let told_sites = named(place, sites);
    if should.is_empty() || told_sites.is_empty() {
        return;
    }
    let alike = told_sites.iter().any(|site| site.to_lowercase() == should.to_lowercase());
    let mut others = told_sites.into_iter();
    let first = others.next();
    let other = if alike || others.next().is_some() { None } else { first };
    if let Some(is) = other {
        let record = intended.device.record;
        let key = record.to_string();
        let about = About {
            kind: Kind::Device,
            how: Type::Misplaced,
            attr: "site",
            key: &[&key],
            title: intended.device.name.clone(),
            intended: Some(at),
            entity: Some(entity),
        };
        let evidence =
            [stated(intended, format!("site {should}")), told(held, format!("says that it is at {place}"))];
        let repair = Repair::SetDevice { device: record, fact: DeviceFact::Site, value: is.to_owned() };
        let finding = scene
            .finding(about)
            .between(Some(should.to_owned()), Some(is.to_owned()))
            .because(evidence)
            .repaired_by([repair]);
        scene.add(finding);
    }
    // Several sites and not its own: nobody can tell which is meant.
    if alike || other.is_some() {
        scene.count(alike);
    }
}
