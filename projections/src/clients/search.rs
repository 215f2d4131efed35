//! The clients that a user may use, searched. What the user may not see is taken away first, in the same statement, so that
//! neither counts nor order nor any combination of criteria can tell of it.

use super::{
    criteria::{Criteria, Flags, KeywordField, Sort, SortKey, SubCriteria},
    view::{ClientView, columns},
};
use crate::rights::Rights;
use sqlx::{PgConnection, Postgres, QueryBuilder};

/// A search for clients.
#[derive(Debug, Clone)]
pub struct Search {
    /// The main conditions. Hidden and deleted clients are left out unless these include them.
    pub criteria: Criteria,
    /// Further conditions.
    pub sub_criteria: Vec<SubCriteria>,
    /// The order; the short name decides the rest.
    pub sort: Vec<Sort>,
    /// How many at most.
    pub limit: i64,
    /// How many to skip.
    pub offset: i64,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// This page.
    pub clients: Vec<ClientView>,
    /// How many there are on all pages.
    pub count: i64,
}

type Query<'q> = QueryBuilder<'q, Postgres>;

/// The clients that meet the search, among those whose customer the user may view clients of and whose required function the
/// user holds for it; for a client without a customer, for any customer of its domain.
///
/// # Errors
/// When the database cannot answer.
pub async fn search(c: &mut PgConnection, rights: &Rights, search: &Search) -> Result<Found, sqlx::Error> {
    let mut count = query(rights, "count(*)", search);
    let count = count.build_query_scalar().fetch_one(&mut *c).await?;
    let mut page = query(rights, &columns(), search);
    page.push(" ORDER BY ");
    for Sort { key, descending } in &search.sort {
        page.push(key.sql()).push(if *descending { " DESC, " } else { ", " });
    }
    page.push(SortKey::ShortName.sql()).push(", k.id LIMIT ").push_bind(search.limit);
    page.push(" OFFSET ").push_bind(search.offset);
    Ok(Found { clients: page.build_query_as().fetch_all(c).await?, count })
}

fn query<'q>(rights: &Rights, columns: &str, search: &'q Search) -> Query<'q> {
    let mut q = Query::new("WITH held AS (SELECT r.function_id, r.customer_id, cu.domain_id FROM rights_of(");
    q.push_bind(rights.user.uuid()).push(") r JOIN customers cu ON cu.id = r.customer_id WHERE TRUE");
    if let Some(scope) = rights.scope {
        q.push(" AND r.function_id IN (SELECT functions_within(").push_bind(scope.uuid()).push("))");
    }
    if let Some(customer) = rights.customer {
        q.push(" AND r.customer_id IN (SELECT customers_within(").push_bind(customer.uuid()).push("))");
    }
    q.push("), viewed AS (SELECT h.customer_id, h.domain_id FROM held h JOIN functions f ON f.id = h.function_id");
    q.push(" WHERE lower(f.short_name) = 'viewoauthclients') SELECT ").push(columns);
    q.push(
        " FROM clients k WHERE EXISTS (SELECT FROM viewed v
            WHERE v.customer_id = k.customer_id OR (k.customer_id IS NULL AND v.domain_id = k.domain_id))
          AND EXISTS (SELECT FROM held h WHERE h.function_id = k.required_function_id
            AND (h.customer_id = k.customer_id OR (k.customer_id IS NULL AND h.domain_id = k.domain_id)))",
    );
    push_search(&mut q, search);
    q
}

fn push_search<'q>(q: &mut Query<'q>, search: &'q Search) {
    if !search.criteria.include.deleted {
        q.push(" AND NOT k.deleted");
    }
    if !search.criteria.include.hidden {
        q.push(" AND NOT k.hidden");
    }
    push_criteria(q, " AND ", &search.criteria);
    for sub in search.sub_criteria.iter().filter(|sub| sub.required || sub.exclude) {
        push_criteria(q, if sub.exclude { " AND NOT " } else { " AND " }, &sub.criteria);
    }
    let mut alternatives = search.sub_criteria.iter().filter(|sub| !sub.required && !sub.exclude).peekable();
    if alternatives.peek().is_some() {
        q.push(" AND (FALSE");
        alternatives.for_each(|sub| push_criteria(q, " OR ", &sub.criteria));
        q.push(")");
    }
}

fn push_criteria<'q>(q: &mut Query<'q>, joined_by: &str, criteria: &'q Criteria) {
    q.push(joined_by).push("(TRUE");
    if let Some(customers) = &criteria.customers {
        q.push(" AND k.customer_id IN (SELECT customers_within(v.customer_id) FROM viewed v");
        q.push(" JOIN customers o ON o.id = v.customer_id WHERE ");
        push_reference(q, customers);
        q.push(")");
    }
    for (column, table, references) in [
        ("k.domain_id", "domains", &criteria.domains),
        ("k.required_function_id", "functions", &criteria.required_functions),
    ] {
        if let Some(references) = references {
            q.push(" AND ").push(column).push(" IN (SELECT o.id FROM ").push(table).push(" o WHERE ");
            push_reference(q, references);
            q.push(")");
        }
    }
    push_flags(q, " AND ", criteria.include);
    push_flags(q, " AND NOT ", criteria.exclude);
    push_keywords(q, criteria);
    q.push(")");
}

/// Whether the object `o` is one of those that were typed.
fn push_reference(q: &mut Query<'_>, references: &[String]) {
    let folded: Vec<_> = references.iter().map(|reference| reference.to_ascii_lowercase()).collect();
    q.push("(ARRAY[o.id::text, o.number::text, lower(o.short_name)] && ").push_bind(folded).push(")");
}

fn push_flags(q: &mut Query<'_>, joined_by: &str, flags: Flags) {
    for (column, _) in [("k.deleted", flags.deleted), ("k.hidden", flags.hidden)].iter().filter(|(_, asked)| *asked) {
        q.push(joined_by).push(column);
    }
}

fn push_keywords<'q>(q: &mut Query<'q>, criteria: &'q Criteria) {
    if criteria.keywords.is_empty() {
        return;
    }
    let fields = if criteria.keyword_fields.is_empty() { &KeywordField::ALL[..] } else { &criteria.keyword_fields };
    q.push(if criteria.any_keyword { " AND (FALSE" } else { " AND (TRUE" });
    for keyword in &criteria.keywords {
        q.push(if criteria.any_keyword { " OR (FALSE" } else { " AND (FALSE" });
        for field in fields {
            q.push(" OR ").push(field.sql()).push(" LIKE ").push_bind(containing(keyword));
        }
        q.push(")");
    }
    q.push(")");
}

/// The LIKE pattern for "contains this text", whatever characters it has.
fn containing(keyword: &str) -> String {
    let escaped = keyword.to_ascii_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_has_no_wildcards() {
        assert_eq!(containing(r"50%_\Off"), r"%50\%\_\\off%");
    }
}
