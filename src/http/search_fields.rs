//! The fields that every search of the Argus API takes, in a query string or in a body: read into a
//! [`Search`](projections::search::Search).

use super::{ArgusError, Fields, described_words};
use crate::database::{QueryError, is_too_much};
use aggregates::values::Seconds;
use projections::search::{Keywords, Period, Search, Sort, SubCriteria};
use utoipa::ToSchema;

/// The most that one page holds; also what limit 0, "all", means.
const MOST: i64 = 1000;
/// The most references of one kind.
const MANY: usize = 50;
/// The most words, and the most sub-criteria: each word is looked for in each row, for each of them.
const FEW: usize = 10;

/// Whether one word or time is enough, or all have to fit.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Match {
    /// One is enough.
    Any,
    /// All of them.
    All,
}

/// Words that stand for something: a closed set.
pub type Words<T> = [(&'static str, T)];

/// What a list takes: the conditions that `read` takes out, then `sortBy`, `limit` and `offset`.
pub fn list<C, K: Copy>(fields: &mut Fields, orders: &Words<K>, read: impl Fn(&mut Fields) -> C) -> Search<C, K> {
    let criteria = read(fields);
    paged(fields, orders, criteria, Vec::new())
}

/// What a search takes: the same with `subCriteria`, which have none of their own, so that there is no depth to bound.
pub fn search<C, K: Copy>(fields: &mut Fields, orders: &Words<K>, read: impl Fn(&mut Fields) -> C) -> Search<C, K> {
    let criteria = read(fields);
    let sub = fields.objects("subCriteria", |sub| {
        let criteria = read(sub);
        let exclude = sub.flag("exclude").unwrap_or_default();
        let required = sub.flag("required").unwrap_or_default();
        Some(SubCriteria { criteria, exclude, required })
    });
    if sub.as_ref().is_some_and(|sub| sub.len() > FEW) {
        fields.refuse("subCriteria", format_args!("must be at most {FEW}"));
    }
    paged(fields, orders, criteria, sub.unwrap_or_default())
}

fn paged<C, K: Copy>(
    fields: &mut Fields,
    orders: &Words<K>,
    criteria: C,
    sub_criteria: Vec<SubCriteria<C>>,
) -> Search<C, K> {
    let sort = sort(fields, orders);
    let (limit, offset) = page(fields);
    Search { criteria, sub_criteria, sort, limit, offset }
}

/// What a search on the connections of searches has found.
///
/// # Errors
/// 429 when too many search at once, or this search takes too long; 503.
pub fn found<T>(outcome: Result<T, QueryError>) -> Result<T, ArgusError> {
    outcome.map_err(|error| if is_too_much(&error) { ArgusError::TooManyRequests(Seconds(1)) } else { error.into() })
}

/// Which page, in a query string: what [`page`] reads.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "nobody makes one: it describes")]
pub struct PageQuery {
    /// The most on a page; 0 stands for 1000.
    #[param(minimum = 0, maximum = 1000, default = 25)]
    limit: Option<i64>,
    /// How many to skip.
    #[param(minimum = 0, maximum = 2_147_483_647, default = 0)]
    offset: Option<i64>,
}

/// `limit`, 25 unless given, and `offset`, 0 unless given.
pub fn page(fields: &mut Fields) -> (i64, i64) {
    let limit = fields.integer("limit", 0..=MOST).unwrap_or(25);
    let offset = fields.integer("offset", 0..=i64::from(i32::MAX)).unwrap_or(0);
    (if limit == 0 { MOST } else { limit }, offset)
}

/// That page of a list that is there as a whole.
pub fn one_page<T>(all: &[T], (limit, offset): (i64, i64)) -> &[T] {
    let whole = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let rest = all.get(whole(offset)..).unwrap_or_default();
    rest.get(..whole(limit)).unwrap_or(rest)
}

/// A list of references; empty counts as absent, as an unset filter of a form does.
pub fn few(fields: &mut Fields, name: &str) -> Option<Vec<String>> {
    let list = fields.references(name)?;
    limited(fields, name, list, MANY)
}

/// The same of words to look for.
pub fn few_words(fields: &mut Fields, name: &str) -> Vec<String> {
    let list = fields.texts(name).unwrap_or_default();
    limited(fields, name, list, FEW).unwrap_or_default()
}

fn limited(fields: &mut Fields, name: &str, list: Vec<String>, most: usize) -> Option<Vec<String>> {
    if list.len() > most || list.iter().any(|text| text.chars().count() > 200) {
        fields.refuse(name, format_args!("must be at most {most} texts of at most 200 characters"));
    }
    (!list.is_empty()).then_some(list)
}

/// The words under `keywords`, the fields and whether any word is enough under the other two names.
pub fn keywords<F: Copy>(fields: &mut Fields, (in_fields, strategy): (&str, &str), known: &Words<F>) -> Keywords<F> {
    Keywords {
        words: few_words(fields, "keywords"),
        fields: all_or(fields, in_fields, known),
        any: is_any(fields, strategy),
    }
}

/// `startTimestamp`, `endTimestamp`, `timeFieldStrategy`, `timeMatchStrategy`. A start at 0, which the SDK sends unasked, is none.
pub fn period<F: Copy>(fields: &mut Fields, known: &Words<F>) -> Period<F> {
    Period {
        from: millis(fields, "startTimestamp").filter(|from| *from > 0),
        until: millis(fields, "endTimestamp"),
        fields: all_or(fields, "timeFieldStrategy", known),
        all: fields.word::<String>("timeMatchStrategy", &["any", "all"]).as_deref() == Some("all"),
    }
}

/// Milliseconds, as a number or its digits: the schema has both.
fn millis(fields: &mut Fields, name: &str) -> Option<i64> {
    let text = fields.reference(name)?;
    let millis = text.parse().ok().filter(|millis| *millis >= 0);
    if millis.is_none() {
        fields.refuse(name, "must be milliseconds since the epoch");
    }
    millis
}

/// A list of words of a closed set.
pub fn words<T: Copy>(fields: &mut Fields, name: &str, known: &Words<T>) -> Vec<T> {
    choices(fields, name, known, |word| meant(known, word))
}

fn is_any(fields: &mut Fields, name: &str) -> bool {
    fields.word::<String>(name, &["any", "all"]).as_deref() == Some("any")
}

/// The same where `all` stands for whatever there is, as nothing does.
fn all_or<T: Copy>(fields: &mut Fields, name: &str, known: &Words<T>) -> Vec<T> {
    let chosen =
        choices(fields, name, known, |word| if word == "all" { Some(None) } else { meant(known, word).map(Some) });
    let chosen: Option<Vec<T>> = chosen.into_iter().collect();
    chosen.unwrap_or_default()
}

/// `sortBy`: words of a closed set, each also with a leading `-`.
fn sort<K: Copy>(fields: &mut Fields, orders: &Words<K>) -> Vec<Sort<K>> {
    choices(fields, "sortBy", orders, |word| {
        let (descending, name) = word.strip_prefix('-').map_or((false, word), |name| (true, name));
        meant(orders, name).map(|key| Sort { key, descending })
    })
}

fn meant<T: Copy>(known: &Words<T>, word: &str) -> Option<T> {
    known.iter().find(|(name, _)| *name == word).map(|(_, meant)| *meant)
}

fn choices<T, K>(fields: &mut Fields, name: &str, known: &Words<K>, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
    let list = fields.texts(name).unwrap_or_default();
    let chosen: Option<Vec<T>> = list.iter().map(|word| read(word)).collect();
    chosen.filter(|_| list.len() <= described_words::MOST).unwrap_or_else(|| {
        let all: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        fields.refuse(name, format_args!("must be at most 20 of {}", all.join(", ")));
        Vec::new()
    })
}
