//! Compares discovered maps with the truth of a simulation and prints the score as JSON:
//! `cargo run -p simulator --example score -- TRUTH.json MAP.json [MAP.json ...]`. A map is the answer of
//! the topology API, or what `portolan discover --once --out FILE.json` wrote.

use std::io::Write;
use std::path::Path;

use simulator::{Map, Truth, score};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args().skip(1);
    let truth = Truth::read(Path::new(&files.next().ok_or("usage: score TRUTH.json MAP.json ...")?))?;
    let mut maps: Vec<Map> = Vec::new();
    for file in files {
        let mut value: serde_json::Value = serde_json::from_slice(&std::fs::read(file)?)?;
        // `portolan discover --once --out` writes all layers into one file.
        match value.get_mut("topologies").map(serde_json::Value::take) {
            Some(layers) => maps.extend(serde_json::from_value::<Vec<Map>>(layers)?),
            None => maps.push(serde_json::from_value(value)?),
        }
    }
    let text = serde_json::to_string_pretty(&score(&truth, &maps))?;
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
