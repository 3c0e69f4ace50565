//! Digests of values, by their `Hash`, without writing them out.

use std::hash::{Hash, Hasher};

use sha2::{Digest as _, Sha256};

/// Feeds hashed values to SHA-256: a digest stands for its value, so it must not collide. It is
/// comparable as long as the compiler and the types stay the same; a difference after an update
/// costs one more write.
#[derive(Default)]
pub(crate) struct Sha(Sha256);

impl Hasher for Sha {
    fn write(&mut self, octets: &[u8]) {
        self.0.update(octets);
    }

    /// Never asked for: the whole digest is taken.
    fn finish(&self) -> u64 {
        0
    }
}

impl Sha {
    /// The whole digest.
    pub(crate) fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// Half a digest: enough to tell versions of one thing apart.
pub(crate) type Short = [u8; 16];

/// The digest of a value.
pub(crate) fn of(value: &impl Hash) -> Short {
    let mut sha = Sha::default();
    value.hash(&mut sha);
    short(&sha.digest())
}

/// The digest of octets.
pub(crate) fn of_octets(octets: &[u8]) -> Short {
    short(&Sha256::digest(octets).into())
}

fn short(whole: &[u8; 32]) -> Short {
    std::array::from_fn(|at| whole[at])
}
