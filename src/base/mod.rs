//! The ground: what every layer needs and none of it knows Sawmill's product.
//!
//! Hashing with a written encoding, portable paths, canonical JSON, limits, and the three doors to the
//! machine (file system, clock, cancellation). Nothing here imports another folder of this crate.

pub mod bytes;
pub mod cancel;
pub mod clock;
pub mod fields;
pub mod hash;
pub mod json;
pub mod limits;
pub mod mode;
pub mod parallel;
pub mod path;
pub mod process;
pub mod skip;
pub mod suggest;
pub mod tier;
pub mod unescape;
pub mod vfs;

pub use bytes::ByteSource;
pub use cancel::Cancel;
pub use clock::{Clock, Timestamp};
pub use fields::Fields;
pub use hash::{ContentHash, Digest, KeyHasher};
pub use limits::Limits;
pub use mode::Mode;
pub use path::RelPath;
pub use skip::SkipReason;
pub use tier::Tier;
pub use unescape::Unescaped;
