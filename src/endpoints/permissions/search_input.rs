//! From the fields of a list or a search to what is asked of the read model, and from what it found to the answer.

use crate::{
    http::{ArgusError, Fields, Idp, Page, Reply, common_fields::without_ended, query_fields, search_fields},
    read,
};
use aggregates::ids::CustomerId;
use axum::http::Uri;
use projections::{
    permissions::{self, Criteria, Happening, KeywordField, Relatives, Search, SortKey},
    search::Keywords,
};

pub(super) const ORDERS: &search_fields::Words<SortKey> = &[
    ("id", SortKey::Id),
    ("grantedTimestamp", SortKey::Granted),
    ("function", SortKey::Function),
    ("subject", SortKey::Subject),
    ("customer", SortKey::Customer),
];
pub(super) const KEYWORD_FIELDS: &search_fields::Words<KeywordField> =
    &[("function", KeywordField::Function), ("subject", KeywordField::Subject), ("customer", KeywordField::Customer)];
const TIMES: &search_fields::Words<Happening> =
    &[("grantedTimestamp", Happening::Granted), ("revokedTimestamp", Happening::Revoked)];
const LISTS: &[&str] = &["subject", "customer", "function", "keywords", "keywordField", "sortBy"];

/// How a truth value is read.
type Flag = fn(&mut Fields, &str) -> Option<bool>;

/// What GET takes.
///
/// # Errors
/// 412.
pub(super) fn of_list(uri: &Uri) -> Result<Search, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), LISTS)?;
    let search = search_fields::list(&mut query, ORDERS, |query| {
        let keywords = search_fields::keywords(query, ("keywordField", "keywordMatch"), KEYWORD_FIELDS);
        of_both(query, keywords, Fields::switch)
    });
    query.finish().map(|()| search)
}

/// What POST takes.
///
/// # Errors
/// 412.
pub(super) fn of_search(mut fields: Fields) -> Result<Search, ArgusError> {
    let search = search_fields::search(&mut fields, ORDERS, |fields| {
        let names = ("keywordFieldStrategy", "keywordMatchStrategy");
        let keywords = search_fields::keywords(fields, names, KEYWORD_FIELDS);
        let period = search_fields::period(fields, TIMES);
        Criteria { period, ..of_both(fields, keywords, Fields::flag) }
    });
    fields.finish().map(|()| search)
}

fn of_both(fields: &mut Fields, keywords: Keywords<KeywordField>, flag: Flag) -> Criteria {
    let ended = flag(fields, "includeDeleted");
    without_ended(fields, ended);
    let mut relatives = |above: &str, below: &str| Relatives {
        above: flag(fields, above).unwrap_or(true),
        below: flag(fields, below).unwrap_or(true),
    };
    let subject_relatives = relatives("includeSubjectAscendants", "includeSubjectDescendants");
    let customer_relatives = relatives("includeCustomerAscendants", "includeCustomerDescendants");
    let function_relatives = relatives("includeFunctionAscendants", "includeFunctionDescendants");
    Criteria {
        domain: fields.reference("domain"),
        subjects: search_fields::few(fields, "subject"),
        subject_relatives,
        customers: search_fields::few(fields, "customer"),
        customer_relatives,
        functions: search_fields::few(fields, "function"),
        function_relatives,
        keywords,
        ..Criteria::default()
    }
}

/// Searches, and shows each that was found.
pub(super) async fn answer(idp: &Idp, viewed: &[CustomerId], search: &Search) -> Result<Reply, ArgusError> {
    let found = search_fields::found(read!(idp.database.searches(), |c| permissions::search(c, viewed, search)))?;
    Ok(Reply::list(&found.rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}
