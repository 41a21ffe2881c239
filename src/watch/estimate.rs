use serde::Serialize;
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    pub remaining_ms: u64,
    pub finish_at: i64,
    pub confidence: f64,
    pub earliest_at: i64,
    pub latest_at: i64,
}
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Samples {}
impl Samples {
    pub(crate) fn push(&mut self, _now: i64, _basis_points: u16) {}
    pub(crate) fn estimate(&self, _now: i64) -> Option<Estimate> {
        None
    }
    pub(crate) fn to_parts(&self) -> Vec<i64> {
        vec![]
    }
    pub(crate) fn from_parts(_parts: &[i64]) -> Option<Self> {
        Some(Self {})
    }
}
