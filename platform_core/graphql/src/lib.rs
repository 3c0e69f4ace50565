//! GraphQL: one executor for every schema of this server, and the schema of the records.
//!
//! | file | job |
//! |---|---|
//! | `schema` | a definition in the language of GraphQL becomes something that answers requests |
//! | `words` | what is wrong with a query, in the words of the reference implementation |
//! | `bounds` | how deep, how many fields, how many aliases |
//! | `execute` | level by level: every reference of all objects of a level is one read |
//! | `values` | values of a query as JSON, and as text in messages |
//! | `native/` | the schema made from the record models, its filters and what loads it; the route |
//!
//! Parsing, the rules of validation, variables and introspection are `apollo-compiler`'s.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod bounds;
mod execute;
mod native;
mod schema;
mod values;
mod words;

pub use native::router;
pub use schema::Executor;
