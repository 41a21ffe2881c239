//! How far a task has come, and who says so.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Where the figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The API's own figure.
    Reported,
    /// Counted from sub-tasks.
    Counted,
    /// Implied by a terminal status.
    Status,
    /// Nothing can be said.
    None,
}

/// How far a task has come, in basis points: 0 to 10,000. ECS's `"64%"` is 6,400; BDRC sends these as they are.
///
/// It is written out as the contract has it: a fraction from 0 to 1 with at most four decimals, or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    basis_points: Option<u16>,
    origin: Origin,
}

impl Progress {
    /// All of it, in basis points.
    pub const WHOLE: u16 = 10_000;
    /// Nothing can be said: never 0.
    pub const UNKNOWN: Self = Self { basis_points: None, origin: Origin::None };

    /// A figure with its origin; above [`Progress::WHOLE`] it is cut there.
    pub fn new(basis_points: u16, origin: Origin) -> Self {
        Self { basis_points: Some(basis_points.min(Self::WHOLE)), origin }
    }

    /// `part` of `whole`, rounded to a basis point; unknown where `whole` is 0.
    #[inline(never)]
    pub(crate) fn share(part: u64, whole: u64, origin: Origin) -> Self {
        if whole == 0 {
            return Self::UNKNOWN;
        }
        // Room for the product; figures this large have no basis point to lose.
        let shift = (u64::BITS - whole.leading_zeros()).saturating_sub(48);
        let (part, whole) = (part.min(whole) >> shift, whole >> shift);
        let rounded = (part * 2 * u64::from(Self::WHOLE) + whole) / (whole * 2);
        Self::new(u16::try_from(rounded).unwrap_or(Self::WHOLE), origin)
    }

    /// 0 to 10,000, or `None` where nothing can be said.
    pub fn basis_points(self) -> Option<u16> {
        self.basis_points
    }

    /// 0 to 1, or `None` where nothing can be said.
    pub fn fraction(self) -> Option<f64> {
        self.basis_points.map(|points| f64::from(points) / f64::from(Self::WHOLE))
    }

    /// Who says so.
    pub fn origin(self) -> Origin {
        self.origin
    }
}

impl Serialize for Progress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Progress", 2)?;
        fields.serialize_field("fraction", &self.fraction())?;
        fields.serialize_field("origin", &self.origin)?;
        fields.end()
    }
}
