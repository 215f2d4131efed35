//! What a replay says while it runs.

/// How far one read model is, in events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub model: &'static str,
    /// Events that are in, those of an interrupted run included.
    pub done: i64,
    /// Events that there are to put in, as far as is known.
    pub total: i64,
}

/// Told at the start of each read model and after each batch.
pub type Progress<'a> = &'a mut (dyn FnMut(Step) + Send);
