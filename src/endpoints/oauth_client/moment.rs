//! A moment in a query or a body.

use crate::{event_store::Moment, http::Fields};

/// Takes it out; a version may look like a number.
pub(super) fn read(fields: &mut Fields, name: &str) -> Option<Moment> {
    let text = fields.reference(name)?;
    text.parse().map_err(|problem| fields.refuse(name, problem)).ok()
}
