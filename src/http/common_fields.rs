//! Fields that bodies of several nouns have. Some are of the vendor's system and have one value here: that one is taken, any other
//! is refused rather than forgotten.

use super::{ArgusError, Fields, JsonBody, search_fields};
use aggregates::values::Description;

/// A field that may only be false.
pub fn never(fields: &mut Fields, name: &str) {
    if fields.flag(name) == Some(true) {
        fields.refuse(name, "must be false: there is no such thing here");
    }
}

/// `includeDeleted`, as it was read, of a noun of which nothing is left when it ends.
pub fn without_ended(fields: &mut Fields, include: Option<bool>) {
    if include == Some(true) {
        fields.refuse("includeDeleted", "must be false: what ended is in the audit trail");
    }
}

/// `comment`: why, in a person's words.
pub fn comment(fields: &mut Fields) -> Option<String> {
    let comment: Option<Description> = fields.parsed("comment");
    comment.map(String::from).filter(|comment| !comment.is_empty())
}

/// A reference that must be there.
pub fn required_reference(fields: &mut Fields, name: &str) -> Option<String> {
    let reference = fields.reference(name);
    fields.required(name, reference)
}

/// A list of references that must be there and not be empty.
pub fn required_references(fields: &mut Fields, name: &str) -> Vec<String> {
    let list = search_fields::few(fields, name);
    fields.required(name, list).unwrap_or_default()
}

/// A body that has no field.
///
/// # Errors
/// 412.
pub fn nothing(body: JsonBody) -> Result<(), ArgusError> {
    body.fields().finish()
}
