//! The clients that a user may use, searched. What the user may not see is taken away first, in the same statement, so that
//! neither counts nor order nor any combination of criteria can tell of it.

use super::{
    criteria::{Criteria, Flag, SortKey},
    view::{ClientView, columns},
};
use crate::{
    rights::Rights,
    search::{self, Found, Query},
};
use sqlx::{PgConnection, types::Json};

/// A search for clients. Hidden and deleted ones are left out unless the main conditions include them.
pub type Search = search::Search<Criteria, SortKey>;

/// The clients that meet the search, among those whose customer the user may view clients of and whose required function the
/// user holds for it; for a client without a customer, for any customer of its domain.
///
/// # Errors
/// When the database cannot answer.
pub async fn search(c: &mut PgConnection, rights: &Rights, search: &Search) -> Result<Found<ClientView>, sqlx::Error> {
    let order = "lower(k.short_name), k.id";
    search.fetch(c, |columns| statement(rights, columns, &search.criteria), (&columns(), order)).await
}

fn statement<'q>(rights: &Rights, columns: &str, criteria: &Criteria) -> Query<'q> {
    let mut q = Query::new("WITH held AS (SELECT r.function_id, r.customer_id, cu.domain_id FROM rights_within(");
    q.push_bind(rights.user.uuid()).push(", ").push_bind(Json(rights.bounds.clone()));
    q.push(") r JOIN customers cu ON cu.id = r.customer_id");
    q.push("), viewed AS (SELECT h.customer_id, h.domain_id FROM held h JOIN functions f ON f.id = h.function_id");
    q.push(" WHERE lower(f.short_name) = 'viewoauthclients' AND NOT f.deleted) SELECT ").push(columns);
    q.push(
        " FROM clients k WHERE EXISTS (SELECT FROM viewed v
            WHERE v.customer_id = k.customer_id OR (k.customer_id IS NULL AND v.domain_id = k.domain_id))
          AND EXISTS (SELECT FROM held h WHERE h.function_id = k.required_function_id
            AND (h.customer_id = k.customer_id OR (k.customer_id IS NULL AND h.domain_id = k.domain_id)))",
    );
    for flag in [Flag::Deleted, Flag::Hidden].into_iter().filter(|flag| !criteria.include.contains(flag)) {
        q.push(" AND NOT ").push(search::Column::sql(flag));
    }
    q
}
