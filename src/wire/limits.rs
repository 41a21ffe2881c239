//! How much one reply may cost.

use crate::error::{Error, ErrorCode, Place};

/// Limits on a reply. Memory grows with `bytes`: a node of the tree for every two bytes at the worst, as in `[[[[`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes. Default 8 MiB: a list of 10,000 tasks is about 2 MB. At most [`Limits::MAX_BYTES`].
    pub bytes: usize,
    /// The deepest nesting of objects and arrays, or of elements with child elements. Default 64: the deepest
    /// documented reply has 7. At most [`Limits::MAX_DEPTH`].
    pub depth: usize,
}

impl Limits {
    /// 1 GiB: places are kept in 31 bits.
    pub const MAX_BYTES: usize = 1 << 30;
    /// 512: `tests/bindings.rs` reads it on the 1 MiB stack of WebAssembly.
    pub const MAX_DEPTH: usize = 512;
}

impl Limits {
    /// With what is over the most that can be, cut to that.
    pub(crate) fn capped(self) -> Self {
        Self { bytes: self.bytes.min(Self::MAX_BYTES), depth: self.depth.min(Self::MAX_DEPTH) }
    }

    pub(crate) fn too_large(&self) -> Error {
        let detail = format!("reply is over {} bytes; raise `maxBytes` to read it", self.bytes);
        Error::new(ErrorCode::Limit, detail)
    }

    pub(crate) fn too_deep(&self, place: Place) -> Error {
        let detail = format!("reply is nested deeper than {}; raise `maxDepth` to read it", self.depth);
        Error::new(ErrorCode::Limit, detail).at(place)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 << 20, depth: 64 }
    }
}
