//! `portolan mcp`: messages of the Model Context Protocol, one a line, from standard input to the server
//! and back. The server does the work; nothing is kept here.

use clap::Args as Arguments;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, stdin, stdout};

use crate::Failure;
use crate::client::{Client, ServerArgs};

/// Longest message, bytes: what the server takes.
const LONGEST: u64 = 1024 * 1024;

/// The server to ask.
#[derive(Arguments)]
pub(crate) struct Args {
    #[command(flatten)]
    server: ServerArgs,
}

/// Runs until standard input ends.
pub(crate) async fn mcp(args: Args) -> Result<(), Failure> {
    let client = Client::connect(&args.server).await?;
    let (mut input, mut output) = (BufReader::new(stdin()), stdout());
    loop {
        let mut line = Vec::new();
        if (&mut input).take(LONGEST + 1).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        if line.len() as u64 > LONGEST {
            return Err(Failure::new("a message has at most 1 MiB"));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match serde_json::from_slice::<Value>(&line) {
            Ok(message) => passed(&client, &message).await,
            Err(error) => Some(refusal(&Value::Null, -32700, &format!("This is no JSON: {error}"))),
        };
        if let Some(answer) = answer {
            output.write_all(format!("{answer}\n").as_bytes()).await?;
            output.flush().await?;
        }
    }
}

/// The server's answer; when there is none to be had, why.
async fn passed(client: &Client, message: &Value) -> Option<Value> {
    match client.pass(message).await {
        Ok(answer) => answer,
        Err(failure) => {
            let id = message.get("id").filter(|id| !id.is_null())?;
            Some(refusal(id, -32603, &failure.text))
        }
    }
}

fn refusal(id: &Value, code: i32, text: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": text}})
}
