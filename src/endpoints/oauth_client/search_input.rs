//! From the fields of a list or a search to what is asked of the read model, and from what it found to the answer.

use super::rights::VIEW_DETAILS;
use crate::{
    directory::clients::shown,
    http::{ArgusError, Caller, Fields, Idp, Page, Reply, search_fields},
    read,
};
use projections::{
    clients::{self, ClientRow, Criteria, Flag, KeywordField, Search, SortKey},
    rights,
    search::Keywords,
};
use std::collections::HashMap;

pub(super) const ORDERS: &search_fields::Words<SortKey> = &[
    ("id", SortKey::Id),
    ("name", SortKey::Name),
    ("shortName", SortKey::ShortName),
    ("createdTimestamp", SortKey::Created),
    ("lastUpdatedTimestamp", SortKey::Updated),
];
const FLAGS: &search_fields::Words<Flag> = &[("deleted", Flag::Deleted), ("hidden", Flag::Hidden)];
const KEYWORD_FIELDS: &search_fields::Words<KeywordField> =
    &[("id", KeywordField::Id), ("shortName", KeywordField::ShortName), ("name", KeywordField::Name)];

/// What GET takes.
pub(super) fn of_list(mut fields: Fields) -> Result<Search, ArgusError> {
    let search = search_fields::list(&mut fields, ORDERS, |fields| Criteria {
        customers: search_fields::few(fields, "customer"),
        domains: search_fields::few(fields, "domain"),
        keywords: Keywords { words: search_fields::few_words(fields, "keywords"), ..Keywords::default() },
        ..Criteria::default()
    });
    fields.finish().map(|()| search)
}

/// What POST takes.
pub(super) fn of_search(mut fields: Fields) -> Result<Search, ArgusError> {
    let search = search_fields::search(&mut fields, ORDERS, |fields| Criteria {
        customers: search_fields::few(fields, "customer"),
        domains: search_fields::few(fields, "domain"),
        required_functions: search_fields::few(fields, "requiredFunction"),
        include: search_fields::words(fields, "includeFlags", FLAGS),
        exclude: search_fields::words(fields, "excludeFlags", FLAGS),
        keywords: search_fields::keywords(fields, ("keywordFieldStrategy", "keywordMatchStrategy"), KEYWORD_FIELDS),
    });
    fields.finish().map(|()| search)
}

/// Searches, and shows what was found.
pub(super) async fn answer(idp: &Idp, caller: &Caller, search: &Search) -> Result<Reply, ArgusError> {
    let found = search_fields::found(read!(idp.database.searches(), |c| clients::search(c, &caller.rights, search)))?;
    let mut details = HashMap::new();
    let mut rows = Vec::new();
    for view in &found.rows {
        let place = (view.client.definition.customer, view.client.definition.domain);
        let known = match details.get(&place) {
            Some(known) => *known,
            None => shows_details(idp, caller, &view.client).await?,
        };
        details.insert(place, known);
        rows.push(shown(view, known));
    }
    Ok(Reply::list(&rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}

/// Whether the caller sees the detail fields of this client; of one without a customer only who sees them everywhere.
pub(super) async fn shows_details(idp: &Idp, caller: &Caller, client: &ClientRow) -> Result<bool, ArgusError> {
    let (customer, domain) = (client.definition.customer, client.definition.domain);
    let connections = idp.database.connections();
    let held = match customer {
        Some(_) => read!(connections, |c| rights::holds(c, &caller.rights, VIEW_DETAILS, customer, domain)),
        None => read!(connections, |c| rights::holds_everywhere(c, &caller.rights, VIEW_DETAILS, domain)),
    };
    Ok(held?)
}
