//! The store against a real PostgreSQL: isolation under attack, migrations, tenants, the audit.

mod attack;
mod audit;
mod lint;
mod migrations;
mod operation;
mod support;
mod tenants;
mod whole;
