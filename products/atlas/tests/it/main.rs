//! Tests of the atlas engine: pure input, pure output.

mod lab;
mod net;
