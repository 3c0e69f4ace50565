//! Tests of the atlas engine: pure input, pure output.

mod frames;
mod lab;
mod net;
