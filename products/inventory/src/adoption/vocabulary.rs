//! Sites, roles, makers, types and platforms: those there are, and those an adoption needs.

use kit::Problem;
use model::adoption::{ObservedDevice, Wishes};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::words::{bare, clip, maker, role, slug};
use super::writer::{Writer, record};
use crate::store::adoption::{self as store, Named, Type};

/// Site of devices that do not say where they are.
const NOWHERE: &str = "Discovered";
/// Model of devices that do not say what they are.
const UNKNOWN: &str = "Unknown";

/// All words there are.
pub(super) struct Vocabulary {
    pub(super) sites: Vec<Named>,
    roles: Vec<Named>,
    manufacturers: Vec<Named>,
    platforms: Vec<Named>,
    types: Vec<Type>,
    vrfs: Vec<Named>,
}

/// A word that is there, or one that would be new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its record.
    pub(super) id: Option<Uuid>,
    /// Its name.
    pub(super) name: String,
}

fn word(found: Option<&Named>, name: impl FnOnce() -> String) -> Word {
    match found {
        Some((id, name, _)) => Word { id: Some(*id), name: name.clone() },
        None => Word { id: None, name: name() },
    }
}

/// What a device is described by.
pub(super) struct Description {
    pub(super) site: Word,
    pub(super) role: Word,
    pub(super) manufacturer: Word,
    /// The type's model.
    pub(super) kind: Word,
    pub(super) platform: Option<Word>,
}

impl Vocabulary {
    pub(super) async fn load(connection: &mut PgConnection) -> Result<Self, Problem> {
        Ok(Self {
            sites: store::sites(connection).await?,
            roles: store::roles(connection).await?,
            manufacturers: store::manufacturers(connection).await?,
            platforms: store::platforms(connection).await?,
            types: store::types(connection).await?,
            vrfs: store::vrfs(connection).await?,
        })
    }

    /// The words of a run, read when they are first needed. Those it creates are added to them, so a run
    /// that is undone must forget them.
    pub(super) async fn once<'w>(
        slot: &'w mut Option<Self>,
        connection: &mut PgConnection,
    ) -> Result<&'w mut Self, Problem> {
        let words = match slot.take() {
            Some(words) => words,
            None => Self::load(connection).await?,
        };
        Ok(slot.insert(words))
    }

    /// The site of that name.
    pub(super) fn named_site(&self, name: &str) -> Option<Uuid> {
        let name = name.to_lowercase();
        self.sites.iter().find(|(_, known, _)| known.to_lowercase() == name).map(|(id, ..)| *id)
    }

    /// Finds a word for everything the device told.
    ///
    /// # Errors
    /// 422 for a wished site that does not exist.
    pub(super) fn describe(&self, device: &ObservedDevice, wishes: Wishes) -> Result<Description, Problem> {
        let site = match wishes.site {
            Some(wished) => {
                let found = self.sites.iter().find(|(id, ..)| *id == wished);
                let missing = || Problem::field("/site", "unknown", "There is no such site.");
                word(Some(found.ok_or_else(missing)?), String::new)
            }
            None => self.site(device.site.as_deref().unwrap_or_default()),
        };
        let (role_name, _) = role(&device.role);
        let known =
            self.roles.iter().find(|(_, name, at)| bare(name) == bare(role_name) || *at == device.role);
        let role = word(known, || role_name.to_owned());
        let told = device.manufacturer.as_deref().map(|text| clip(text, 100)).filter(|text| !text.is_empty());
        let told = told.unwrap_or_else(|| UNKNOWN.to_owned());
        let known = self.manufacturers.iter().find(|(_, name, _)| maker(name) == maker(&told));
        let manufacturer = word(known, || told);
        let kind = self.kind(manufacturer.id, device);
        let platform = device.platform.as_deref().map(|told| self.platform(told));
        Ok(Description { site, role, manufacturer, kind, platform })
    }

    /// The site a device's place names: as a whole, or by one of the parts between commas.
    fn site(&self, place: &str) -> Word {
        let place = clip(place, 100);
        if place.is_empty() {
            let known = self.sites.iter().find(|(_, name, _)| name == NOWHERE);
            return word(known, || NOWHERE.to_owned());
        }
        let parts = std::iter::once(place.as_str()).chain(place.split(',').map(str::trim));
        let named = |part: &str| {
            let part = part.to_lowercase();
            self.sites.iter().find(|(_, name, slug)| name.to_lowercase() == part || *slug == part)
        };
        word(parts.filter(|part| !part.is_empty()).find_map(named), || place.clone())
    }

    fn kind(&self, manufacturer: Option<Uuid>, device: &ObservedDevice) -> Word {
        let told = device.model.as_deref().map(|text| clip(text, 100)).filter(|text| !text.is_empty());
        let told = told.unwrap_or_else(|| UNKNOWN.to_owned());
        let wanted = bare(&told);
        let found = self.types.iter().find(|(_, of, model, part)| {
            Some(*of) == manufacturer && (bare(model) == wanted || (!part.is_empty() && bare(part) == wanted))
        });
        match found {
            Some((id, _, model, _)) => Word { id: Some(*id), name: model.clone() },
            None => Word { id: None, name: told },
        }
    }

    pub(super) fn platform(&self, told: &str) -> Word {
        let told = clip(told, 100);
        let known = self.platforms.iter().find(|(_, name, _)| bare(name) == bare(&told));
        word(known, || told)
    }

    /// The record of a platform, a new one when there is none.
    pub(super) async fn platform_record(
        &mut self,
        writer: &mut Writer<'_>,
        told: &str,
    ) -> Result<Uuid, Problem> {
        let word = self.platform(told);
        match word.id {
            Some(id) => Ok(id),
            None => new_word(writer, "inventory.platform", &word.name, &mut self.platforms, None).await,
        }
    }

    /// The VRF of that name; the first of several.
    pub(super) fn vrf(&self, name: &str) -> Option<Uuid> {
        self.vrfs.iter().find(|(_, known, _)| known == name).map(|(id, ..)| *id)
    }

    /// The VRF of that name, a new one when there is none.
    pub(super) async fn vrf_record(&mut self, writer: &mut Writer<'_>, name: &str) -> Result<Uuid, Problem> {
        if let Some(vrf) = self.vrf(name) {
            return Ok(vrf);
        }
        let vrf = writer.create("inventory.vrf", record(json!({"name": name}))).await?;
        self.vrfs.push((vrf, name.to_owned(), String::new()));
        Ok(vrf)
    }
}

/// A new record with a name and a slug, from then on one of the words.
async fn new_word(
    writer: &mut Writer<'_>,
    model: &str,
    name: &str,
    known: &mut Vec<Named>,
    more: Option<(&str, &str)>,
) -> Result<Uuid, Problem> {
    let slug = free_slug(name, known.iter().map(|(.., slug)| slug.as_str()));
    let mut fields = record(json!({"name": name, "slug": slug}));
    if let Some((field, value)) = more {
        fields.insert(field.to_owned(), json!(value));
    }
    let id = writer.create(model, fields).await?;
    known.push((id, name.to_owned(), slug));
    Ok(id)
}

impl Description {
    /// New words that would be created, by kind.
    pub(super) fn creates(&self) -> Vec<(String, usize)> {
        let platform = self.platform.as_ref();
        let words = [
            ("site", Some(&self.site)),
            ("device_role", Some(&self.role)),
            ("manufacturer", Some(&self.manufacturer)),
            ("device_type", Some(&self.kind)),
            ("platform", platform),
        ];
        let new = words.into_iter().filter(|(_, word)| word.is_some_and(|word| word.id.is_none()));
        new.map(|(kind, _)| (kind.to_owned(), 1)).collect()
    }

    /// Creates what is new; then every word has a record, which is one of the words.
    pub(super) async fn create(
        &mut self,
        writer: &mut Writer<'_>,
        words: &mut Vocabulary,
        role_word: &str,
    ) -> Result<(), Problem> {
        if self.site.id.is_none() {
            let name = &self.site.name;
            self.site.id = Some(new_word(writer, "inventory.site", name, &mut words.sites, None).await?);
        }
        if self.role.id.is_none() {
            let (_, color) = role(role_word);
            let (model, known) = ("inventory.device_role", &mut words.roles);
            let color = Some(("color", color));
            self.role.id = Some(new_word(writer, model, &self.role.name, known, color).await?);
        }
        let manufacturer = match self.manufacturer.id {
            Some(id) => id,
            None => {
                let (model, known) = ("inventory.manufacturer", &mut words.manufacturers);
                new_word(writer, model, &self.manufacturer.name, known, None).await?
            }
        };
        self.manufacturer.id = Some(manufacturer);
        if self.kind.id.is_none() {
            let of = words.types.iter().filter(|(_, of, ..)| *of == manufacturer);
            let slugs: Vec<String> = of.map(|(_, _, model, _)| slug(model)).collect();
            let free = free_slug(&self.kind.name, slugs.iter().map(String::as_str));
            let kind = json!({"manufacturer": manufacturer, "model": self.kind.name, "slug": free});
            let id = writer.create("inventory.device_type", record(kind)).await?;
            words.types.push((id, manufacturer, self.kind.name.clone(), String::new()));
            self.kind.id = Some(id);
        }
        if let Some(platform) = self.platform.as_mut().filter(|platform| platform.id.is_none()) {
            platform.id = Some(words.platform_record(writer, &platform.name).await?);
        }
        Ok(())
    }
}

/// A slug that no record has yet.
fn free_slug<'s>(name: &str, taken: impl Iterator<Item = &'s str>) -> String {
    let taken: std::collections::HashSet<&str> = taken.collect();
    let first = slug(name);
    let more = (2..=taken.len() + 2).map(|n| format!("{}-{n}", clip(&first, 90)));
    std::iter::once(first.clone()).chain(more).find(|slug| !taken.contains(slug.as_str())).unwrap_or(first)
}
