//! The server as its users meet it: the real binary, its own PostgreSQL, HTTP.

mod attacks;
mod branches;
mod crash;
mod discovery;
mod drift;
mod extras;
mod graphql;
mod inventory;
mod inventory_space;
mod mcp;
mod netbox_changes;
mod netbox_door;
mod netbox_import;
mod netbox_jobs;
mod netbox_tokens;
mod permissions;
mod records;
mod search;
mod server;
mod sessions;
