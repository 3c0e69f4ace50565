//! The live events of one tenant that a principal may see, resumable by cursor.

use std::collections::VecDeque;
use std::sync::Arc;

use futures::Stream;
use futures::stream;
use kit::events::Delivered;
use kit::{Act, Ctx, Permission, Problem};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::Bus;
use crate::hub::Seat;
use crate::log::{self, Entry, Horizon, Position};
use crate::pattern::Filter;

const PAGE: usize = 200;

/// What a stream yields.
#[derive(Clone, Debug)]
pub enum StreamItem {
    /// An event.
    Event(Delivered),
    /// The cursor is older than the log: load the state anew, then go on.
    Resync,
}

impl Bus {
    /// Events from now on, or after the event whose cursor is given. The stream ends when the
    /// database or the bus ends; the reader comes back with its last cursor.
    ///
    /// # Errors
    /// 429 when there are too many streams, 422 for a cursor that is none, 503.
    pub async fn stream(
        self: &Arc<Self>,
        ctx: Ctx,
        filter: Filter,
        after: Option<&str>,
    ) -> Result<impl Stream<Item = StreamItem> + Send + use<>, Problem> {
        let seat = self.hub.sit(&ctx)?;
        let after: Option<Uuid> = after
            .map(|cursor| {
                cursor.parse().map_err(|_| {
                    Problem::field("?after", "invalid", "Give the id of the last event received.")
                })
            })
            .transpose()?;
        // Subscribed first: what is not in the log yet when it is read comes this way.
        let live = self.hub.subscribe();
        let mut tx = ctx.read().await?;
        let end = Horizon::ask(tx.conn(), self.store.incarnation()).await?.end();
        let known = match after {
            Some(id) => log::position_of(tx.conn(), id).await?,
            None => None,
        };
        drop(tx);
        let mut ready = VecDeque::new();
        if after.is_some() && known.is_none() {
            ready.push_back(StreamItem::Resync);
        }
        let (position, behind) = (known.unwrap_or(end), known.is_some());
        let reader = Reader { bus: self.clone(), ctx, filter, live, position, behind, ready, _seat: seat };
        Ok(stream::unfold(reader, |mut reader| async move { Some((reader.next().await?, reader)) }))
    }
}

struct Reader {
    bus: Arc<Bus>,
    ctx: Ctx,
    filter: Filter,
    live: Receiver<Arc<Entry>>,
    /// Everything up to here was given or passed over.
    position: Position,
    /// Must read the log before it listens.
    behind: bool,
    ready: VecDeque<StreamItem>,
    _seat: Seat,
}

impl Reader {
    async fn next(&mut self) -> Option<StreamItem> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            if self.behind {
                if let Err(problem) = self.catch_up().await {
                    tracing::debug!(%problem, "a live stream ends; its reader comes back");
                    return None;
                }
                continue;
            }
            match self.live.recv().await {
                Ok(entry) if entry.position > self.position => {
                    self.position = entry.position;
                    if entry.tenant == self.ctx.tenant() && self.wants(&entry.event) {
                        return Some(StreamItem::Event(entry.event.clone()));
                    }
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    async fn catch_up(&mut self) -> Result<(), Problem> {
        let mut tx = self.ctx.read().await?;
        let horizon = Horizon::ask(tx.conn(), self.bus.store.incarnation()).await?;
        let entries = log::read(tx.conn(), self.position, horizon, &self.filter, PAGE).await?;
        self.behind = entries.len() == PAGE;
        self.position = match entries.last() {
            Some(last) if self.behind => last.position,
            _ => horizon.end().max(self.position),
        };
        let wanted = entries.into_iter().map(|entry| entry.event).filter(|event| self.wants(event));
        let wanted: Vec<_> = wanted.map(StreamItem::Event).collect();
        self.ready.extend(wanted);
        Ok(())
    }

    /// Asked for, of a declared type, and the principal may read what it is about.
    fn wants(&self, event: &Delivered) -> bool {
        self.filter.matches(&event.event_type, &event.subject)
            && self
                .bus
                .types
                .get()
                .and_then(|types| types.get(event.event_type.as_str()))
                .is_some_and(|declared| self.ctx.rights().allows(Permission::new(declared.object, Act::Read)))
    }
}
