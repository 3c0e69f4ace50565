//! The vault over a real store.

use db::testing::TestDatabase;
use kit::secrets::SecretPlace;
use kit::{Act, Ctx, Health, Permission, Problem, SecretText, Secrets};
use secrets::{KeySource, MIGRATIONS, Vault};
use uuid::Uuid;

const WRITE: Permission = Permission::new("monitoring/credentials", Act::Write);

fn place(id: u128) -> SecretPlace<'static> {
    SecretPlace { model: "monitoring.credential", id: Uuid::from_u128(id), field: "community" }
}

async fn seal(vault: &Vault, ctx: &Ctx, id: u128, text: &str) -> Result<Vec<u8>, Problem> {
    let mut tx = ctx.write(ctx.authorize(WRITE)?).await?;
    let sealed = vault.seal(&mut tx, place(id), &SecretText::new(text.to_owned())).await?;
    tx.commit().await?;
    Ok(sealed)
}

async fn open(vault: &Vault, ctx: &Ctx, id: u128, sealed: &[u8]) -> Result<String, Problem> {
    let mut tx = ctx.read().await?;
    Ok(vault.open(&mut tx, place(id), sealed).await?.expose().to_owned())
}

fn key(byte: u8) -> KeySource {
    use base64::Engine as _;
    KeySource::Text(SecretText::new(base64::prelude::BASE64_STANDARD.encode([byte; 32])))
}

#[tokio::test]
async fn secrets_open_only_in_their_tenant_and_place() {
    let database = TestDatabase::new(&[("secrets", MIGRATIONS)]).await;
    let vault = Vault::open(key(1), &database.store).await;
    let a = database.ctx(database.tenant("acme").await, &[WRITE]);
    let b = database.ctx(database.tenant("globex").await, &[WRITE]);
    let sealed = seal(&vault, &a, 1, "s3cret").await.unwrap();
    assert_eq!(open(&vault, &a, 1, &sealed).await.unwrap(), "s3cret");
    assert_eq!(open(&vault, &a, 2, &sealed).await.unwrap_err().code, "secret-unreadable");
    assert_eq!(open(&vault, &b, 1, &sealed).await.unwrap_err().code, "secret-unreadable");
    // The other tenant has a key of its own: still not.
    seal(&vault, &b, 1, "other").await.unwrap();
    assert_eq!(open(&vault, &b, 1, &sealed).await.unwrap_err().code, "secret-unreadable");
    assert_eq!(vault.fingerprint(&sealed), vault.fingerprint(&seal(&vault, &a, 9, "s3cret").await.unwrap()));
    let long = "x".repeat((64 << 10) + 1);
    assert_eq!(seal(&vault, &a, 1, &long).await.unwrap_err().status.as_u16(), 422);
    assert_eq!(database.check_isolation().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_key_made_in_an_undone_transaction_is_not_used_again() {
    let database = TestDatabase::new(&[("secrets", MIGRATIONS)]).await;
    let vault = Vault::open(key(1), &database.store).await;
    let ctx = database.ctx(database.tenant("acme").await, &[WRITE]);
    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    vault.seal(&mut tx, place(1), &SecretText::new("lost".into())).await.unwrap();
    drop(tx);
    let sealed = seal(&vault, &ctx, 1, "kept").await.unwrap();
    assert_eq!(open(&vault, &ctx, 1, &sealed).await.unwrap(), "kept");
}

#[tokio::test]
async fn first_secrets_sealed_together_share_the_key() {
    let database = TestDatabase::new(&[("secrets", MIGRATIONS)]).await;
    let vault = Vault::open(key(1), &database.store).await;
    let ctx = database.ctx(database.tenant("acme").await, &[WRITE]);
    let (x, y) = tokio::join!(seal(&vault, &ctx, 1, "x"), seal(&vault, &ctx, 2, "y"));
    assert_eq!(open(&vault, &ctx, 1, &x.unwrap()).await.unwrap(), "x");
    assert_eq!(open(&vault, &ctx, 2, &y.unwrap()).await.unwrap(), "y");
}

#[tokio::test]
async fn a_wrong_or_missing_master_key_degrades() {
    let database = TestDatabase::new(&[("secrets", MIGRATIONS)]).await;
    let ctx = database.ctx(database.tenant("acme").await, &[WRITE]);
    let sealed = seal(&*Vault::open(key(1), &database.store).await, &ctx, 1, "s3cret").await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    for source in [
        key(2),
        KeySource::Text(SecretText::new("short".into())),
        KeySource::File(dir.path().join("master.key")),
    ] {
        let vault = Vault::open(source, &database.store).await;
        assert!(matches!(vault.health(), Health::Degraded(_)));
        assert_eq!(open(&vault, &ctx, 1, &sealed).await.unwrap_err().status.as_u16(), 503);
        assert_eq!(seal(&vault, &ctx, 1, "x").await.unwrap_err().status.as_u16(), 503);
        assert!(!format!("{vault:?}").contains("s3cret"));
    }
    assert!(!dir.path().join("master.key").exists(), "no new key while secrets exist");
    let right = Vault::open(key(1), &database.store).await;
    assert_eq!(
        (right.health(), open(&right, &ctx, 1, &sealed).await.unwrap()),
        (Health::Ok, "s3cret".into())
    );
}
