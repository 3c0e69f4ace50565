//! The server as its users meet it: the real binary, its own PostgreSQL, HTTP.

mod attacks;
mod crash;
mod discovery;
mod extras;
mod inventory;
mod inventory_space;
mod netbox_door;
mod netbox_import;
mod records;
mod server;
mod sessions;
