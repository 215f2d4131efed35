//! From the fields of a list or a search to what is asked of the read model, and from what it found to the answer.

use crate::{
    http::{ArgusError, Caller, Fields, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::http::Uri;
use projections::functions::{self, Criteria, Flag, FunctionView, KeywordField, MappingSortKey, Search, SortKey};
use serde::{Serialize, de::IgnoredAny};

pub(super) const ORDERS: &search_fields::Words<SortKey> = &[("id", SortKey::Id), ("name", SortKey::ShortName)];
pub(super) const FLAGS: &search_fields::Words<Flag> = &[("deleted", Flag::Deleted), ("role", Flag::Role)];
pub(super) const KEYWORD_FIELDS: &search_fields::Words<KeywordField> = &[("name", KeywordField::ShortName)];
pub(super) const MAPPING_ORDERS: &search_fields::Words<MappingSortKey> =
    &[("id", MappingSortKey::Id), ("parentName", MappingSortKey::ParentName), ("childName", MappingSortKey::ChildName)];
const LISTS: &[&str] = &[
    "function",
    "excludeFlag",
    "includeFlag",
    "ancestor",
    "descendant",
    "keyword",
    "keywords",
    "keywordField",
    "sortBy",
];

/// What GET takes.
///
/// # Errors
/// 412.
pub(super) fn of_list(uri: &Uri) -> Result<Search, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), LISTS)?;
    let search = search_fields::list(&mut query, ORDERS, |query| {
        let word = search_fields::few_words(query, "keyword");
        let mut keywords = search_fields::keywords(query, ("keywordField", "keywordMatch"), KEYWORD_FIELDS);
        keywords.words.extend(word);
        level(query);
        Criteria {
            functions: search_fields::few(query, "function"),
            ancestors: search_fields::few(query, "ancestor"),
            descendants: search_fields::few(query, "descendant"),
            include: search_fields::words(query, "includeFlag", FLAGS),
            exclude: search_fields::words(query, "excludeFlag", FLAGS),
            deleted: query.switch("includeDeleted").unwrap_or_default(),
            held: false,
            keywords,
        }
    });
    query.finish().map(|()| search)
}

/// What POST takes.
///
/// # Errors
/// 412.
pub(super) fn of_search(mut fields: Fields) -> Result<Search, ArgusError> {
    let search = search_fields::search(&mut fields, ORDERS, |fields| {
        level(fields);
        Criteria {
            functions: search_fields::few(fields, "function"),
            ancestors: search_fields::few(fields, "ancestors"),
            descendants: search_fields::few(fields, "descendants"),
            include: search_fields::words(fields, "includeFlags", FLAGS),
            exclude: search_fields::words(fields, "excludeFlags", FLAGS),
            deleted: fields.flag("includeDeleted").unwrap_or_default(),
            held: fields.flag("requirePermission").unwrap_or_default(),
            keywords: search_fields::keywords(fields, ("keywordFieldStrategy", "keywordMatchStrategy"), KEYWORD_FIELDS),
        }
    });
    fields.finish().map(|()| search)
}

/// The one level that functions have narrows nothing.
fn level(fields: &mut Fields) {
    fields.word::<IgnoredAny>("minimumSecurityLevel", &["external"]);
}

/// Searches, and shows each that was found.
pub(super) async fn answer<T: Serialize>(
    idp: &Idp,
    caller: &Caller,
    search: &Search,
    shown: impl Fn(FunctionView) -> T,
) -> Result<Reply, ArgusError> {
    let rights = &caller.rights;
    let found = search_fields::found(read!(idp.database.searches(), |c| functions::search(c, rights, search)))?;
    let rows: Vec<T> = found.rows.into_iter().map(shown).collect();
    Ok(Reply::list(&rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}
