//! Users, tokens and tenants from the command line, through the API; and, on the server's own machine
//! while it is stopped, a way back in for whoever lost the password.

use std::io::Read as _;
use std::path::PathBuf;

use auth::password::Cost;
use clap::Subcommand;
use kit::SecretText;
use reqwest::Method;
use serde_json::{Value, json};

use crate::Failure;
use crate::client::{Client, ServerArgs, cell, table};

/// Users.
#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// List users.
    List {
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Add a user with a role. The password is read from standard input.
    Add {
        /// Login name.
        name: String,
        /// Role of the new user.
        #[arg(long, default_value = "viewer")]
        role: String,
        /// E-mail.
        #[arg(long)]
        email: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Set a user's password in a data directory whose server is stopped. Read from standard input.
    Passwd {
        /// Login name.
        name: String,
        /// The data directory.
        #[arg(long, default_value = "/var/lib/portolan")]
        data_dir: PathBuf,
    },
}

/// Tokens.
#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// List tokens.
    List {
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Create a token and print it once.
    Create {
        /// What it is for.
        name: String,
        /// Limit it to rules like atlas/*:read.
        #[arg(long = "rule")]
        rules: Vec<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Revoke a token.
    Revoke {
        /// Its name.
        name: String,
        #[command(flatten)]
        server: ServerArgs,
    },
}

/// Tenants.
#[derive(Subcommand)]
pub(crate) enum TenantCommand {
    /// List the tenants one may work in.
    List {
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Create a customer tenant.
    Create {
        /// Short name, lower case.
        slug: String,
        /// Name.
        name: String,
        #[command(flatten)]
        server: ServerArgs,
    },
}

/// `portolan user`.
pub(crate) async fn user(command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::List { server } => {
            list(&server, "/api/v1/platform/users", &["name", "email", "active", "last_login_at"]).await
        }
        UserCommand::Add { name, role, email, server } => {
            let client = Client::connect(&server).await?;
            let body = json!({"name": name, "email": email, "password": password_from_input()?.expose()});
            let user = client.post("/api/v1/platform/users", &body).await?;
            let binding = json!({"user": user["id"], "role": {"name": role}, "reason": "command line"});
            client.post("/api/v1/platform/role-bindings", &binding).await?;
            println!("{name} may log in; the password must be changed at the first login.");
            Ok(())
        }
        UserCommand::Passwd { name, data_dir } => {
            let clear = password_from_input()?;
            let store = db::Store::open(db::StoreOptions::embedded(data_dir)).await?;
            let passwords = auth::models::use_passwords(Cost::SERVER)?;
            let registry = kit::PermissionRegistry::new(auth::api::PERMISSIONS.iter().copied());
            let auth = auth::Auth::new(store.clone(), std::sync::Arc::new(registry), passwords);
            let root = store.tenants().await?.into_iter().find(|tenant| tenant.parent.is_none());
            let result = match root {
                Some(root) => auth.reset_password(root.id, &name, &clear).await,
                None => Err(kit::Problem::not_found("tenant")),
            };
            store.stop().await;
            result?;
            println!("The password of {name} is set; all its sessions ended.");
            Ok(())
        }
    }
}

/// `portolan token`.
pub(crate) async fn token(command: TokenCommand) -> Result<(), Failure> {
    match command {
        TokenCommand::List { server } => {
            list(
                &server,
                "/api/v1/platform/tokens",
                &["name", "owner", "lookup", "expires_at", "last_used_at"],
            )
            .await
        }
        TokenCommand::Create { name, rules, server } => {
            let client = Client::connect(&server).await?;
            let token =
                client.post("/api/v1/platform/tokens", &json!({"name": name, "rules": rules})).await?;
            println!("{}", token["token"].as_str().unwrap_or_default());
            eprintln!("Shown once. It ends {}.", cell(&token, "expires_at"));
            Ok(())
        }
        TokenCommand::Revoke { name, server } => {
            let client = Client::connect(&server).await?;
            let found = client.get(&format!("/api/v1/platform/tokens?name={name}")).await?;
            let Some(id) = found.pointer("/items/0/id").and_then(Value::as_str) else {
                return Err(Failure::new(format!("there is no token named {name}")));
            };
            client.call(Method::DELETE, &format!("/api/v1/platform/tokens/{id}"), None).await?;
            println!("{name} is revoked.");
            Ok(())
        }
    }
}

/// `portolan tenant`.
pub(crate) async fn tenant(command: TenantCommand) -> Result<(), Failure> {
    match command {
        TenantCommand::List { server } => {
            list(&server, "/api/v1/platform/tenants", &["slug", "name", "kind", "status", "id"]).await
        }
        TenantCommand::Create { slug, name, server } => {
            let client = Client::connect(&server).await?;
            let tenant =
                client.post("/api/v1/platform/tenants", &json!({"slug": slug, "name": name})).await?;
            println!("{}", cell(&tenant, "id"));
            Ok(())
        }
    }
}

async fn list(server: &ServerArgs, path: &str, columns: &[&str]) -> Result<(), Failure> {
    let client = Client::connect(server).await?;
    let answer = client.get(path).await?;
    let rows = answer["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| columns.iter().map(|column| cell(item, column)).collect())
        .collect();
    println!("{}", table(columns, rows));
    Ok(())
}

fn password_from_input() -> Result<SecretText, Failure> {
    eprintln!("Password (one line on standard input, at least 12 characters):");
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(SecretText::new(text.lines().next().unwrap_or_default().to_owned()))
}
