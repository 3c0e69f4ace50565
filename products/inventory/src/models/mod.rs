//! The record types, by the part of the inventory they belong to.

pub mod choices;
pub mod circuits;
pub mod contexts;
pub mod dcim;
pub mod ipam;
pub mod tenancy;
pub mod virtualization;
pub mod vpn;
pub mod wireless;

use kit::Model;

/// What all of them share.
const BASE: Model = Model { product: "inventory", numbered: true, ..Model::BASE };

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Model> {
    let groups = [
        tenancy::MODELS,
        dcim::MODELS,
        ipam::MODELS,
        circuits::MODELS,
        virtualization::MODELS,
        vpn::MODELS,
        wireless::MODELS,
        contexts::MODELS,
    ];
    groups.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use kit::Model;

    #[test]
    fn migration_is_generated() {
        let models: Vec<&'static Model> = super::all().collect();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql");
        let others = [records::MODELS, auth::models::MODELS, sources::MODELS, templates::MODELS].concat();
        records::schema::assert_migration_matches_with(&models, &others, path);
    }
}
