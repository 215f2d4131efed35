//! What the rules of a client need to know, looked up in the transaction that will record the decision.

use super::By;
use crate::{database::QueryError, event_store::DefinitionLane};
use aggregates::{
    client::{Author, Definition, Facts},
    ids::ClientId,
};
use projections::{clients, rights};
use std::collections::BTreeSet;

/// The facts for making client `id` be `wanted`, when it is `present` now.
///
/// # Errors
/// When the database cannot answer.
pub async fn facts(
    lane: &mut DefinitionLane,
    id: ClientId,
    (present, wanted): (Option<&Definition>, &Definition),
    by: By<'_>,
) -> Result<Facts, QueryError> {
    let c = lane.connection();
    let short_name_taken = clients::short_name_taken(c, wanted.domain, &wanted.short_name, id).await?;
    let author = match by {
        By::Operator => Author::Operator,
        By::User { rights, level } => {
            let mut may_hand_out = BTreeSet::new();
            for definition in present.into_iter().chain([wanted]) {
                let scope = definition.permission_scope;
                if rights::covers(c, rights, scope, wanted.customer, wanted.domain).await? {
                    may_hand_out.insert(scope);
                }
            }
            Author::User { may_hand_out, level }
        }
    };
    Ok(Facts { short_name_taken, author })
}
