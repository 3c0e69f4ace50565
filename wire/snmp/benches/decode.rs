//! Decoding of a 50-binding response, the bulk of a manager's work.

use criterion::{Criterion, criterion_group, criterion_main};
use snmp::{Message, Oid, Pdu, Value, VarBind, Version};

fn response() -> Message {
    let column = Oid::from_static(&[1, 3, 6, 1, 2, 1, 2, 2, 1, 10]);
    let varbinds = (0..50).map(|n| VarBind::new(column.child(n), Value::Counter32(n * 77_777_777))).collect();
    let request = Pdu::get_bulk(77, 0, 50, [column.clone()]);
    Message::new(Version::V2c, "public", Pdu::response_to(&request, varbinds))
}

fn codec(c: &mut Criterion) {
    let message = response();
    let bytes = message.encode().expect("the response can be encoded");
    c.bench_function("decode 50 bindings", |b| b.iter(|| Message::decode(std::hint::black_box(&bytes))));
    c.bench_function("encode 50 bindings", |b| b.iter(|| std::hint::black_box(&message).encode()));
}

criterion_group!(benches, codec);
criterion_main!(benches);
