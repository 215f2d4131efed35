//! Who may use a client, and by which permission.

use crate::infos::{CustomerInfo, FunctionInfo, SubjectInfo, customer_info, function_info, subject_info, user_info};
use aggregates::ids::{ClientId, CustomerId};
use serde::Serialize;
use sqlx::{PgConnection, types::Json};
use utoipa::ToSchema;

/// A user who may use a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// The user.
    pub user: SubjectInfo,
    /// The permission by which the required function is held; of several always the same.
    pub held_by: HeldBy,
}

/// A permission: that of the user, or of a group around the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldBy {
    /// Whose permission it is.
    pub subject: SubjectInfo,
    /// For which function, which is the required one or implies it.
    pub function: FunctionInfo,
    /// For which customer.
    pub customer: CustomerInfo,
}

/// The users who hold what the client requires, by user name; only those of the customers `seen`, if given. Nobody may use a client
/// that is deleted or disabled. Asked of whatever tables the connection finds first, so also of those of another time.
///
/// # Errors
/// The database's.
pub async fn who_can(
    c: &mut PgConnection,
    client: ClientId,
    seen: Option<&[CustomerId]>,
) -> Result<Vec<Holder>, sqlx::Error> {
    let [user, subject] = [user_info("u.id"), subject_info("h.subject_id")];
    let [function, customer] = [function_info("h.function_id"), customer_info("h.customer_id")];
    // From the permissions outwards, as most users hold nothing of it; `held` has the last word.
    let sql = format!(
        "SELECT {user}, {subject}, {function}, {customer}
         FROM clients k
         CROSS JOIN LATERAL (
            SELECT DISTINCT m.subject_id FROM functions_implying(k.required_function_id) i
            JOIN permissions p ON p.function_id = i.function_id CROSS JOIN LATERAL members_of(p.subject_id) m) near
         JOIN users u ON u.id = near.subject_id
         CROSS JOIN LATERAL held(u.id, k.required_function_id, k.customer_id, k.domain_id) h
         WHERE k.id = $1 AND NOT k.deleted AND k.definition -> 'disabled' IS DISTINCT FROM 'true'
           AND ($2::uuid[] IS NULL OR u.customer_id = ANY ($2))
         ORDER BY u.user_name, u.id"
    );
    type Row = (Json<SubjectInfo>, Json<SubjectInfo>, Json<FunctionInfo>, Json<CustomerInfo>);
    let seen: Option<Vec<_>> = seen.map(|seen| seen.iter().map(|customer| customer.uuid()).collect());
    let rows: Vec<Row> = sqlx::query_as(&sql).bind(client.uuid()).bind(seen).fetch_all(c).await?;
    let holder = |(user, subject, function, customer): Row| {
        let held_by = HeldBy { subject: subject.0, function: function.0, customer: customer.0 };
        Holder { user: user.0, held_by }
    };
    Ok(rows.into_iter().map(holder).collect())
}
