//! From the fields of a list or a search to what is asked of the read model, and from what it found to the answer.

use super::rights::VIEW_DETAILS;
use crate::{
    directory::clients::shown,
    http::{ArgusError, Caller, Fields, Idp, Page, Reply},
    read,
};
use projections::{
    clients::{self, ClientView, Criteria, Flags, KeywordField, Search, Sort, SortKey, SubCriteria},
    rights,
};
use std::collections::HashMap;

const ORDERS: &[(&str, SortKey)] = &[
    ("id", SortKey::Id),
    ("name", SortKey::Name),
    ("shortName", SortKey::ShortName),
    ("createdTimestamp", SortKey::Created),
    ("lastUpdatedTimestamp", SortKey::Updated),
];
/// The most that one page holds; also what limit 0, "all", means.
const MOST: i64 = 1000;
/// The most references, words or sub-criteria of one kind.
const MANY: usize = 50;

/// What GET takes.
pub(super) fn of_list(mut fields: Fields) -> Result<Search, ArgusError> {
    let criteria = Criteria {
        customers: few(&mut fields, "customer"),
        domains: few(&mut fields, "domain"),
        keywords: keywords(&mut fields),
        ..Criteria::default()
    };
    let search = paged(&mut fields, criteria, Vec::new());
    fields.finish().map(|()| search)
}

/// What POST takes. Sub-criteria have none of their own, so there is no depth to bound.
pub(super) fn of_search(mut fields: Fields) -> Result<Search, ArgusError> {
    let criteria = read_criteria(&mut fields);
    let sub = fields.objects("subCriteria", |sub| {
        let criteria = read_criteria(sub);
        let exclude = sub.flag("exclude").unwrap_or_default();
        let required = sub.flag("required").unwrap_or_default();
        Some(SubCriteria { criteria, exclude, required })
    });
    if sub.as_ref().is_some_and(|sub| sub.len() > MANY) {
        fields.refuse("subCriteria", format_args!("must be at most {MANY}"));
    }
    let search = paged(&mut fields, criteria, sub.unwrap_or_default());
    fields.finish().map(|()| search)
}

fn read_criteria(fields: &mut Fields) -> Criteria {
    Criteria {
        customers: few(fields, "customer"),
        domains: few(fields, "domain"),
        required_functions: few(fields, "requiredFunction"),
        include: flags(fields, "includeFlags"),
        exclude: flags(fields, "excludeFlags"),
        keywords: keywords(fields),
        keyword_fields: keyword_fields(fields),
        any_keyword: fields.word::<String>("keywordMatchStrategy", &["any", "all"]).as_deref() == Some("any"),
    }
}

fn paged(fields: &mut Fields, criteria: Criteria, sub_criteria: Vec<SubCriteria>) -> Search {
    let limit = fields.integer("limit", 0..=MOST).unwrap_or(25);
    Search {
        criteria,
        sub_criteria,
        sort: sort(fields),
        limit: if limit == 0 { MOST } else { limit },
        offset: fields.integer("offset", 0..=i64::from(i32::MAX)).unwrap_or(0),
    }
}

/// A list of references; empty counts as absent, as an unset filter of a form does.
fn few(fields: &mut Fields, name: &str) -> Option<Vec<String>> {
    let list = fields.texts(name)?;
    if list.len() > MANY || list.iter().any(|text| text.len() > 200) {
        fields.refuse(name, format_args!("must be at most {MANY} texts of at most 200 characters"));
    }
    (!list.is_empty()).then_some(list)
}

fn keywords(fields: &mut Fields) -> Vec<String> {
    few(fields, "keywords").unwrap_or_default()
}

fn keyword_fields(fields: &mut Fields) -> Vec<KeywordField> {
    let known = |word: &str| match word {
        "id" => Some(&KeywordField::ALL[..1]),
        "shortName" => Some(&KeywordField::ALL[1..2]),
        "name" => Some(&KeywordField::ALL[2..]),
        "all" => Some(&KeywordField::ALL[..]),
        _ => None,
    };
    words(fields, "keywordFieldStrategy", "id, shortName, name, all", known).into_iter().flatten().copied().collect()
}

fn flags(fields: &mut Fields, name: &str) -> Flags {
    let known = |word: &str| match word {
        "deleted" => Some(Flags { deleted: true, hidden: false }),
        "hidden" => Some(Flags { deleted: false, hidden: true }),
        _ => None,
    };
    let set = words(fields, name, "deleted, hidden", known);
    Flags { deleted: set.iter().any(|flag| flag.deleted), hidden: set.iter().any(|flag| flag.hidden) }
}

fn sort(fields: &mut Fields) -> Vec<Sort> {
    let known = |word: &str| {
        let (descending, name) = word.strip_prefix('-').map_or((false, word), |name| (true, name));
        let (_, key) = ORDERS.iter().find(|(known, _)| *known == name)?;
        Some(Sort { key: *key, descending })
    };
    let names = "id, name, shortName, createdTimestamp, lastUpdatedTimestamp, each also with a leading -";
    words(fields, "sortBy", names, known)
}

/// A list of words of a closed set.
fn words<T>(fields: &mut Fields, name: &str, all: &str, known: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let list = fields.texts(name).unwrap_or_default();
    let read: Option<Vec<T>> = list.iter().map(|word| known(word)).collect();
    match read {
        Some(read) if list.len() <= 20 => read,
        _ => {
            fields.refuse(name, format_args!("must be at most 20 of {all}"));
            Vec::new()
        }
    }
}

/// Searches, and shows what was found.
pub(super) async fn answer(idp: &Idp, caller: &Caller, search: &Search) -> Result<Reply, ArgusError> {
    let connections = idp.database.connections();
    let found = read!(connections, |c| clients::search(c, &caller.rights, search))?;
    let mut details = HashMap::new();
    let mut rows = Vec::new();
    for view in &found.clients {
        let place = (view.client.definition.customer, view.client.definition.domain);
        let known = match details.get(&place) {
            Some(known) => *known,
            None => shows_details(idp, caller, view).await?,
        };
        details.insert(place, known);
        rows.push(shown(view, known));
    }
    Ok(Reply::list(&rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}

/// Whether the caller sees the detail fields of this client; of one without a customer only who sees them everywhere.
pub(super) async fn shows_details(idp: &Idp, caller: &Caller, view: &ClientView) -> Result<bool, ArgusError> {
    let (customer, domain) = (view.client.definition.customer, view.client.definition.domain);
    let connections = idp.database.connections();
    let held = match customer {
        Some(_) => read!(connections, |c| rights::holds(c, &caller.rights, VIEW_DETAILS, customer, domain)),
        None => read!(connections, |c| rights::holds_everywhere(c, &caller.rights, VIEW_DETAILS, domain)),
    };
    Ok(held?)
}
