//! Writing events, and waking readers after the commit.

use kit::tx::EventWriter;
use kit::{BoxFuture, Ctx, Event, Problem};
use sqlx::PgConnection;

use crate::Bus;

/// Largest data of an event; larger things are referred to (CloudEvents' guaranteed size).
const MAX_DATA: usize = 64 << 10;

/// Events in one statement.
const CHUNK: usize = 1_000;

const APPEND: &str = "INSERT INTO app.event (id, incarnation, type, subject, occurred_at, data) \
    SELECT e.id, $2, e.type, e.subject, e.occurred_at, e.data::jsonb \
    FROM unnest($1::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[]) \
    WITH ORDINALITY AS e(id, type, subject, occurred_at, data, n) ORDER BY e.n";

impl Bus {
    /// The data of an event as text, when it is one that may be written.
    fn data_of(&self, event: &Event) -> Result<String, Problem> {
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
            tracing::warn!(event_type = event.event_type, "an event of an undeclared type is on no stream");
        }
        Ok(data)
    }
}

impl EventWriter for Bus {
    fn append<'a>(
        &'a self,
        _ctx: &'a Ctx,
        connection: &'a mut PgConnection,
        events: &'a [Event],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            for events in events.chunks(CHUNK) {
                let data = events.iter().map(|event| self.data_of(event)).collect::<Result<Vec<_>, _>>()?;
                sqlx::query(APPEND)
                    .bind(events.iter().map(|event| event.id).collect::<Vec<_>>())
                    .bind(self.store.incarnation())
                    .bind(events.iter().map(|event| event.event_type).collect::<Vec<_>>())
                    .bind(events.iter().map(|event| event.subject.as_str()).collect::<Vec<_>>())
                    .bind(events.iter().map(|event| event.time).collect::<Vec<_>>())
                    .bind(data)
                    .execute(&mut *connection)
                    .await?;
            }
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
