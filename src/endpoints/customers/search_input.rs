//! From the fields of a list or a search to what is asked of the read model, and from what it found to the answer.

use crate::{
    http::{ArgusError, Fields, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use aggregates::ids::CustomerId;
use axum::http::Uri;
use projections::{
    customers::{self, Criteria, CustomerType, Flag, KeywordField, Search, SortKey},
    search::Keywords,
};

pub(super) const ORDERS: &search_fields::Words<SortKey> =
    &[("id", SortKey::Id), ("name", SortKey::Name), ("shortName", SortKey::ShortName)];
const FLAGS: &search_fields::Words<Flag> = &[("disabled", Flag::Disabled), ("rootCustomerGroup", Flag::Root)];
const TYPES: &search_fields::Words<CustomerType> = &[("group", CustomerType::Group), ("leaf", CustomerType::Leaf)];
const KEYWORD_FIELDS: &search_fields::Words<KeywordField> =
    &[("id", KeywordField::Id), ("name", KeywordField::Name), ("shortName", KeywordField::ShortName)];

/// What GET takes.
///
/// # Errors
/// 412.
pub(super) fn of_list(uri: &Uri) -> Result<Search, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &["parent", "keywords", "sortBy"])?;
    let search = search_fields::list(&mut query, ORDERS, |query| Criteria {
        parents: search_fields::few(query, "parent"),
        keywords: Keywords { words: search_fields::few_words(query, "keywords"), ..Keywords::default() },
        ..Criteria::default()
    });
    query.finish().map(|()| search)
}

/// What POST takes.
///
/// # Errors
/// 412.
pub(super) fn of_search(mut fields: Fields) -> Result<Search, ArgusError> {
    fields.flag("includeDeleted");
    let search = search_fields::search(&mut fields, ORDERS, |fields| Criteria {
        domains: search_fields::few(fields, "domain"),
        customers: search_fields::few(fields, "customer"),
        parents: search_fields::few(fields, "parent"),
        ancestors: search_fields::few(fields, "ancestor"),
        types: search_fields::words(fields, "type", TYPES),
        include: search_fields::words(fields, "includeFlags", FLAGS),
        exclude: search_fields::words(fields, "excludeFlags", FLAGS),
        keywords: search_fields::keywords(fields, ("keywordFieldStrategy", "keywordMatchStrategy"), KEYWORD_FIELDS),
    });
    fields.finish().map(|()| search)
}

/// Searches, and shows each that was found.
pub(super) async fn answer(idp: &Idp, viewed: &[CustomerId], search: &Search) -> Result<Reply, ArgusError> {
    let found = search_fields::found(read!(idp.database.searches(), |c| customers::search(c, viewed, search)))?;
    Ok(Reply::list(&found.rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}
