//! Fields that users and groups share. Some are of the vendor's system and have one value here: that one is taken, any other is
//! refused rather than forgotten.

pub(super) use crate::http::common_fields::{comment, never, nothing, required_references as references};

use crate::http::{ArgusError, Fields, JsonBody};
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

/// What a move says.
pub(super) fn target(body: JsonBody) -> Result<String, ArgusError> {
    let mut fields = body.fields();
    let customer = fields.reference("customer");
    let customer = fields.required("customer", customer);
    fields.finish()?;
    customer.ok_or(ArgusError::NotJson)
}
