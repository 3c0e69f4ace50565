//! Discovery: from a seed, through what each device says of its neighbours, to every device within
//! the limits given. And the refresh of devices that are known already.
//!
//! - [`CrawlOrder`] is the work, [`crawl`] does it, [`Progress`] tells how far it is;
//! - `book` decides (pure, no I/O) who is asked next, who is known already, and who is skipped;
//! - [`Scheduler`] decides (pure) when known devices are asked again, [`refresh`] asks them.

mod book;
mod candidates;
mod crawl;
mod order;
mod passport;
mod progress;
mod refresh;
mod schedule;
mod scope;

pub use crawl::crawl;
pub use order::{CrawlOrder, OrderError};
pub use progress::{Counts, CrawlReport, NoProgress, Progress, ProgressSink, TargetReport, TargetState};
pub use refresh::{RefreshOrder, refresh};
pub use schedule::{Intervals, KnownTarget, Scheduler};

pub use crate::snmp::DeviceLimits;
pub use crate::snmp::survey::Plan;
