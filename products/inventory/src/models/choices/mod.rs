//! Closed sets of values, as the clients of existing tools know them.

mod interfaces;
mod networks;
mod places;
mod ports;
mod states;

pub use interfaces::*;
pub use networks::*;
pub use places::*;
pub use ports::*;
pub use states::*;
