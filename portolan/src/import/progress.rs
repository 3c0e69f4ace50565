//! How far it is: a bar on a terminal, a line for each endpoint elsewhere.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Lines come at least this far apart within an endpoint.
const PAUSE: Duration = Duration::from_secs(10);

/// The objects of one pass.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    pass: &'static str,
    at: &'static str,
    done: u64,
    total: u64,
    begun: Instant,
    told: Instant,
    silent: bool,
}

impl Progress {
    /// Nothing begun.
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(0));
        if let Some(bar) = &bar
            && let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec} {elapsed} {msg}")
        {
            bar.set_style(style);
        }
        Self { bar, pass: "", at: "", done: 0, total: 0, begun: now, told: now, silent: false }
    }

    /// Tells nothing.
    pub(super) fn silent() -> Self {
        Self { bar: None, silent: true, ..Self::new() }
    }

    /// A pass over so many objects begins.
    pub(super) fn begin(&mut self, pass: &'static str, total: u64) {
        let now = Instant::now();
        (self.pass, self.at, self.done, self.total, self.begun, self.told) = (pass, "", 0, total, now, now);
        if let Some(bar) = &self.bar {
            bar.reset();
            bar.set_length(total);
        }
    }

    /// The next endpoint.
    pub(super) fn at(&mut self, endpoint: &'static str) {
        self.at = endpoint;
        match &self.bar {
            Some(bar) => bar.set_message(format!("{} {endpoint}", self.pass)),
            None => self.tell(),
        }
    }

    /// So many objects more are done.
    pub(super) fn add(&mut self, count: usize) {
        self.done += count as u64;
        match &self.bar {
            Some(bar) => bar.inc(count as u64),
            None if self.told.elapsed() >= PAUSE => self.tell(),
            None => {}
        }
    }

    /// The end.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn tell(&mut self) {
        if self.silent {
            return;
        }
        self.told = Instant::now();
        let rate = self.done as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        eprintln!("{} {}: {}/{} objects, {rate:.0}/s", self.pass, self.at, self.done, self.total);
    }
}
