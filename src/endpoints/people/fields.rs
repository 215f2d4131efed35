//! Fields that users and groups share. Some are of the vendor's system and have one value here: that one is taken, any other is
//! refused rather than forgotten.

use crate::http::{ArgusError, Fields, JsonBody, search_fields};
use aggregates::values::Description;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a user or a group goes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MoveFields {
    /// Id or short name of a customer in the same domain.
    customer: String,
}

/// `description`, which is an empty text as well when it is blank.
pub(super) fn description(fields: &mut Fields) -> Option<Description> {
    fields.parsed("description")
}

/// A field that may only be false.
pub(super) fn never(fields: &mut Fields, name: &str) {
    if fields.flag(name) == Some(true) {
        fields.refuse(name, "must be false: there is no such thing here");
    }
}

/// `comment`: why, in a person's words.
pub(super) fn comment(fields: &mut Fields) -> Option<String> {
    let comment: Option<Description> = fields.parsed("comment");
    comment.map(String::from).filter(|comment| !comment.is_empty())
}

/// A list of references that must be there and not be empty.
pub(super) fn references(fields: &mut Fields, name: &str) -> Vec<String> {
    let list = search_fields::few(fields, name);
    fields.required(name, list).unwrap_or_default()
}

/// A body that has no field.
pub(super) fn nothing(body: JsonBody) -> Result<(), ArgusError> {
    body.fields().finish()
}

/// What a move says.
pub(super) fn target(body: JsonBody) -> Result<String, ArgusError> {
    let mut fields = body.fields();
    let customer = fields.reference("customer");
    let customer = fields.required("customer", customer);
    fields.finish()?;
    customer.ok_or(ArgusError::NotJson)
}
