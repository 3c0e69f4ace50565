//! What a tenant transaction costs, against the same query without one, in one run:
//! `cargo run --release -p db --example transaction_cost`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement for people")]

use std::time::{Duration, Instant};

use db::testing::TestDatabase;
use sqlx::Connection;

const ROUNDS: usize = 7;
const EACH: u32 = 500;

#[tokio::main]
async fn main() {
    let begun = Instant::now();
    let database = TestDatabase::new(&[]).await;
    println!("first test database   {:?}", begun.elapsed());
    let begun = Instant::now();
    let second = TestDatabase::new(&[]).await;
    println!("next test database    {:?}", begun.elapsed());
    drop(second);

    let tenant = database.tenant("acme").await;
    let ctx = database.ctx(tenant, &[]);
    let mut bare = database.superuser().await;
    let (mut plain, mut scoped) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..EACH {
            let mut transaction = bare.begin().await.unwrap();
            sqlx::query("SELECT name FROM app.tenant WHERE id = $1")
                .bind(tenant.0)
                .fetch_one(&mut *transaction)
                .await
                .unwrap();
            transaction.commit().await.unwrap();
        }
        plain.push(begun.elapsed() / EACH);
        let begun = Instant::now();
        for _ in 0..EACH {
            let mut tx = ctx.read().await.unwrap();
            sqlx::query("SELECT name FROM app.tenant WHERE id = $1")
                .bind(tenant.0)
                .fetch_one(tx.conn())
                .await
                .unwrap();
        }
        scoped.push(begun.elapsed() / EACH);
    }
    let best = |times: &[Duration]| times.iter().min().copied().unwrap_or_default();
    println!("BEGIN, SELECT, COMMIT {:?}", best(&plain));
    println!(
        "tenant transaction    {:?} (pool, context, row security; its end is not waited for)",
        best(&scoped)
    );
}
