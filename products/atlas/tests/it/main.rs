//! Tests of the atlas engine: pure input, pure output.

mod export;
mod frames;
mod generator;
mod lab;
mod net;
mod quirks;
