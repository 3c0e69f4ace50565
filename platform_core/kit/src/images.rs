//! Pictures of records as a service: doors take uploads in the words of their contract and hand them
//! over here.

use uuid::Uuid;

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::hooks::Record;
use crate::problem::Problem;

/// An upload.
#[derive(Clone, Debug)]
pub struct NewImage {
    /// Model and id of the record it shows.
    pub object: (String, Uuid),
    /// Its number; said in a copy only ([`crate::Ctx::is_copy`]).
    pub number: Option<i64>,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What it shows.
    pub description: Option<String>,
    /// Name of the file it came as.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A stored picture.
#[derive(Clone, Debug)]
pub struct Image {
    /// Found in the file, never taken from whoever sent it.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Takes, keeps and gives pictures. Implemented by `platform_core/annotations`.
pub trait Images: Send + Sync {
    /// Looks at an upload and keeps it; the record of the attachment.
    ///
    /// # Errors
    /// 403; 422 `/image` for what is no picture or too large, `/object` for a record that is not there.
    fn store<'a>(&'a self, ctx: &'a Ctx, new: NewImage) -> BoxFuture<'a, Result<Record, Problem>>;

    /// A picture by the name of its file.
    ///
    /// # Errors
    /// 403, 404.
    fn by_name<'a>(&'a self, ctx: &'a Ctx, file_name: &'a str) -> BoxFuture<'a, Result<Image, Problem>>;
}
