//! The record engine against a real PostgreSQL, through its HTTP routes.

mod attacks;
mod bulk;
mod changes;
mod concurrency;
mod crud;
mod custom;
mod described;
mod lists;
mod models;
mod past;
mod places;
mod plans;
mod random;
mod references;
mod rows;
mod rules;
mod search;
mod secrets;
mod speed;
mod undo;
mod world;
