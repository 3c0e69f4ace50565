//! Writing events, and waking readers after the commit.

use kit::tx::EventWriter;
use kit::{BoxFuture, Ctx, Event, Problem};
use sqlx::PgConnection;

use crate::Bus;

/// Largest data of an event; larger things are referred to (CloudEvents' guaranteed size).
const MAX_DATA: usize = 64 << 10;

impl EventWriter for Bus {
    fn append<'a>(
        &'a self,
        _ctx: &'a Ctx,
        connection: &'a mut PgConnection,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let data = serde_json::to_string(&event.data).map_err(Problem::internal)?;
            if data.len() > MAX_DATA {
                return Err(Problem::field(
                    "/data",
                    "too_large",
                    format!(
                        "The event {} has {} bytes of data; at most {MAX_DATA} are allowed.",
                        event.event_type,
                        data.len()
                    ),
                ));
            }
            if self.types.get().is_some_and(|types| !types.contains_key(event.event_type)) {
                tracing::warn!(
                    event_type = event.event_type,
                    "an event of an undeclared type is on no stream"
                );
            }
            sqlx::query(
                "INSERT INTO app.event (id, incarnation, type, subject, occurred_at, data)
                 VALUES ($1, $2, $3, $4, $5, $6::jsonb)",
            )
            .bind(event.id)
            .bind(self.store.incarnation())
            .bind(event.event_type)
            .bind(&event.subject)
            .bind(event.time)
            .bind(data)
            .execute(connection)
            .await?;
            Ok(())
        })
    }

    fn committed(&self) {
        self.wake.send_replace(());
    }
}

/// How long to wait for the next look: short after a wake-up, because another transaction may hold
/// the horizon back for a moment, then longer, never longer than two seconds.
pub(crate) struct Pace {
    delay: std::time::Duration,
}

impl Pace {
    const SHORTEST: std::time::Duration = std::time::Duration::from_millis(10);
    const LONGEST: std::time::Duration = std::time::Duration::from_secs(2);

    pub(crate) fn new() -> Self {
        Self { delay: Self::SHORTEST }
    }

    /// Waits for news or for the next look. An error means that the bus is gone.
    pub(crate) async fn wait(
        &mut self,
        woken: &mut tokio::sync::watch::Receiver<()>,
    ) -> Result<(), tokio::sync::watch::error::RecvError> {
        tokio::select! {
            woken = woken.changed() => {
                self.delay = Self::SHORTEST;
                woken
            }
            () = tokio::time::sleep(self.delay) => {
                self.delay = (self.delay * 2).min(Self::LONGEST);
                Ok(())
            }
        }
    }

    /// There was something: look again soon.
    pub(crate) fn quick(&mut self) {
        self.delay = Self::SHORTEST;
    }
}
