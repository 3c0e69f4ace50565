//! Carries out a crawl: one coordinator that owns the book, one task per device that is asked.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::{Reason, ReasonCode, Subject};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::book::{Book, Bounds, Verdict, subject_key};
use super::candidates::{self, Candidate, Weight};
use super::order::CrawlOrder;
use super::passport::Passport;
use super::progress::{CrawlReport, Progress, ProgressSink};
use super::scope::Scope;
use crate::sink::FrameSink;
use crate::snmp::survey::{self, Plan, Timed};
use crate::snmp::{Client, DeviceLimits, ReadyCredential, TableReport, open};

/// Time for one device. A device that needs longer keeps what was read until then.
const DEVICE_TIME: Duration = Duration::from_mins(10);

/// Questions per second to addresses that were only seen in tables.
const PROBES_PER_SECOND: u32 = 200;

/// Time between two totals, so that a fast crawl does not spend its time on telling.
const COUNTS_EVERY: Duration = Duration::from_millis(200);

/// News from the tasks to the coordinator.
enum Event {
    Introduced {
        ip: IpAddr,
        passport: Passport,
        credential: String,
        candidates: Vec<Candidate>,
        verdict: oneshot::Sender<Verdict>,
    },
    Candidates {
        ip: IpAddr,
        candidates: Vec<Candidate>,
    },
    Read {
        ip: IpAddr,
        tables: Vec<TableReport>,
    },
    Ended {
        ip: IpAddr,
        outcome: Result<Verdict, Reason>,
        milliseconds: u64,
    },
}

/// What every task of a crawl shares.
struct Context {
    client: Arc<Client>,
    sink: Arc<dyn FrameSink>,
    events: mpsc::UnboundedSender<Event>,
    scope: Scope,
    partition: String,
    port: u16,
    limits: DeviceLimits,
    ask_seen: bool,
    credentials: Mutex<Ranked>,
    probes: Mutex<crate::snmp::Bucket>,
}

/// Credentials, those that were accepted most often first.
struct Ranked {
    credentials: Vec<ReadyCredential>,
    accepted: HashMap<String, usize>,
}

impl Ranked {
    fn in_order(&self) -> Vec<ReadyCredential> {
        let mut credentials = self.credentials.clone();
        let accepted = |credential: &ReadyCredential| self.accepted.get(&credential.id).copied().unwrap_or(0);
        credentials.sort_by_key(|credential| std::cmp::Reverse(accepted(credential)));
        credentials
    }
}

/// Discovers the network from the order's seeds. Frames go to `sink` as they are read, progress to
/// `progress`. Never asks an address outside the order's limits; every address that was skipped is
/// in the report with its reason. `order.check()` should be empty: credentials that cannot be used
/// are left out.
pub async fn crawl(
    client: &Arc<Client>,
    order: CrawlOrder,
    sink: Arc<dyn FrameSink>,
    progress: Arc<dyn ProgressSink>,
    cancel: CancellationToken,
) -> CrawlReport {
    let (events, inbox) = mpsc::unbounded_channel();
    let scope = Scope::new(order.allow, order.deny);
    let credentials = order.credentials.iter().filter_map(|c| ReadyCredential::new(c).ok()).collect();
    let context = Arc::new(Context {
        client: Arc::clone(client),
        sink,
        events,
        scope: scope.clone(),
        partition: order.partition,
        port: order.port,
        limits: order.limits,
        ask_seen: order.ask_seen,
        credentials: Mutex::new(Ranked { credentials, accepted: HashMap::new() }),
        probes: Mutex::new(crate::snmp::Bucket::new(PROBES_PER_SECOND)),
    });
    let bounds = Bounds { max_depth: order.max_depth, max_devices: order.max_devices, port: order.port };
    let mut book = Book::new(scope, bounds);
    for seed in order.seeds {
        book.seed(seed);
    }
    let coordinator = Coordinator { context, book, inbox, progress, told: None, seen: BTreeSet::new() };
    coordinator.run(order.concurrency.max(1), cancel).await
}

struct Coordinator {
    context: Arc<Context>,
    book: Book,
    inbox: mpsc::UnboundedReceiver<Event>,
    progress: Arc<dyn ProgressSink>,
    told: Option<Instant>,
    /// Addresses being asked that were only seen.
    seen: BTreeSet<IpAddr>,
}

impl Coordinator {
    async fn run(mut self, concurrency: usize, cancel: CancellationToken) -> CrawlReport {
        let started = Instant::now();
        let sent = self.context.client.sent();
        let mut tasks = JoinSet::new();
        let cancelled = loop {
            while tasks.len() < concurrency {
                // Silent hosts take their time: half of the places stay free for devices.
                let places_for_seen = self.seen.len() < concurrency.div_ceil(2);
                let Some((ip, weight)) = self.book.next(places_for_seen) else { break };
                if weight == Weight::Seen {
                    self.seen.insert(ip);
                }
                tasks.spawn(ask(Arc::clone(&self.context), ip, weight));
            }
            self.tell(false);
            if tasks.is_empty() && self.inbox.is_empty() {
                break false;
            }
            tokio::select! {
                () = cancel.cancelled() => break true,
                Some(event) = self.inbox.recv() => self.take(event),
                Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
                // News must not wait for more news.
                () = tokio::time::sleep(COUNTS_EVERY), if self.book.has_news() => {}
            }
        };
        if cancelled {
            tasks.shutdown().await;
            while let Ok(event) = self.inbox.try_recv() {
                self.take(event);
            }
            self.book.cancel();
        }
        self.tell(true);
        let counts = self.book.counts();
        let requests = self.context.client.sent() - sent;
        CrawlReport {
            targets: self.book.into_reports(),
            counts,
            cancelled,
            duration: started.elapsed(),
            requests,
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Introduced { ip, passport, credential, candidates, verdict } => {
                let decided = self.book.introduced(ip, passport, &credential);
                if decided == Verdict::New {
                    self.offer(ip, candidates);
                }
                // A task that is gone needs no verdict.
                let _ = verdict.send(decided);
            }
            Event::Candidates { ip, candidates } => self.offer(ip, candidates),
            Event::Read { ip, tables } => self.book.read(ip, tables),
            Event::Ended { ip, outcome, milliseconds } => {
                self.seen.remove(&ip);
                match outcome {
                    Ok(Verdict::New) => self.book.answered(ip, milliseconds),
                    Ok(verdict) => self.book.not_new(ip, verdict, milliseconds),
                    Err(reason) => self.book.failed(ip, reason, milliseconds),
                }
            }
        }
    }

    fn offer(&mut self, ip: IpAddr, candidates: Vec<Candidate>) {
        for candidate in candidates {
            self.book.offer(candidate, ip);
        }
    }

    fn tell(&mut self, last: bool) {
        if !last && self.told.is_some_and(|told| told.elapsed() < COUNTS_EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        for report in self.book.take_changed() {
            self.progress.progress(Progress::Target(report));
        }
        self.progress.progress(Progress::Counts(self.book.counts()));
    }
}

/// Asks one address, from first question to last table.
async fn ask(context: Arc<Context>, ip: IpAddr, weight: Weight) {
    context.sink.room().await;
    let started = Instant::now();
    let in_time = tokio::time::timeout(DEVICE_TIME, ask_within_time(&context, ip, weight)).await;
    let outcome = in_time.unwrap_or_else(|_| {
        let text = format!("{ip} was not read to the end within {} s.", DEVICE_TIME.as_secs());
        Err(Reason::new(ReasonCode::Timeout, text))
    });
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    send(&context, Event::Ended { ip, outcome, milliseconds });
}

/// The coordinator may be gone when the crawl was cancelled; then nobody needs the news.
fn send(context: &Context, event: Event) {
    drop(context.events.send(event));
}

async fn ask_within_time(context: &Context, ip: IpAddr, weight: Weight) -> Result<Verdict, Reason> {
    let retries = match weight {
        Weight::Announced => context.limits.retries,
        Weight::Seen => {
            let wait = lock(&context.probes).take(Instant::now());
            tokio::time::sleep(wait).await;
            context.limits.retries.min(1)
        }
    };
    let credentials = lock(&context.credentials).in_order();
    let peer = SocketAddr::new(ip, context.port);
    let opened = open(&context.client, peer, context.limits, &credentials, retries).await?;
    *lock(&context.credentials).accepted.entry(opened.credential.clone()).or_default() += 1;

    let agent =
        survey::prepare(&opened.session, &opened.values, Plan::Tables, context.limits.max_routes).await;
    let (introduction, readings) = survey::introduce(&agent, Plan::Tables).await;
    let (verdict, answer) = oneshot::channel();
    send(
        context,
        Event::Introduced {
            ip,
            passport: Passport::of(&introduction, &context.scope),
            credential: opened.credential.clone(),
            candidates: candidates::announced(&introduction, ip),
            verdict,
        },
    );
    let verdict = answer.await.unwrap_or(Verdict::TooMany);
    if verdict != Verdict::New {
        return Ok(verdict);
    }
    let subject = Subject {
        source: "snmp".to_owned(),
        partition: context.partition.clone(),
        key: subject_key(ip, context.port),
    };
    let emit = |timed: Timed| {
        if let Some(frame) = timed.frame(&subject) {
            context.sink.frame(frame);
        }
        send(context, Event::Read { ip, tables: timed.reading.tables });
    };
    readings.into_iter().for_each(emit);
    let contacts = |contacts| {
        let candidates = candidates::seen(&contacts);
        if context.ask_seen && !candidates.is_empty() {
            send(context, Event::Candidates { ip, candidates });
        }
    };
    survey::read_rest(&agent, Plan::Tables, &emit, &contacts).await;
    Ok(Verdict::New)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
