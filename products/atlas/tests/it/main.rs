//! Tests of the atlas engine: pure input, pure output.

mod export;
mod frames;
mod lab;
mod net;
