//! From the fields of a list or a search to what is asked of the read model, and from what it found to the answer.

use crate::{
    http::{ArgusError, Fields, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::http::Uri;
use projections::{
    infos::SubjectType,
    search::Keywords,
    subjects::{self, Criteria, Flag, Happening, KeywordField, Search, Sight, SortKey, Subject},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const ORDERS: &search_fields::Words<SortKey> = &[
    ("id", SortKey::Id),
    ("shortName", SortKey::ShortName),
    ("name", SortKey::Name),
    ("email", SortKey::Email),
    ("createdTimestamp", SortKey::Time(Happening::Created)),
    ("lastUpdatedTimestamp", SortKey::Time(Happening::Updated)),
    ("deletedTimestamp", SortKey::Time(Happening::Deleted)),
];
const FLAGS: &search_fields::Words<Flag> = &[
    ("deleted", Flag::Deleted),
    ("blocked", Flag::Blocked),
    ("forcePasswordChange", Flag::ForcePasswordChange),
    ("daemonAccount", Flag::DaemonAccount),
    ("passwordNotSet", Flag::PasswordNotSet),
];
const BASIC_FLAGS: &search_fields::Words<Flag> = &[("deleted", Flag::Deleted), ("daemonAccount", Flag::DaemonAccount)];
const KEYWORD_FIELDS: &search_fields::Words<KeywordField> = &[
    ("shortName", KeywordField::ShortName),
    ("name", KeywordField::Name),
    ("email", KeywordField::Email),
    ("phoneNumber", KeywordField::PhoneNumber),
];
const BASIC_KEYWORD_FIELDS: &search_fields::Words<KeywordField> =
    &[("shortName", KeywordField::ShortName), ("name", KeywordField::Name), ("email", KeywordField::Email)];
const TIMES: &search_fields::Words<Happening> = &[
    ("createdTimestamp", Happening::Created),
    ("lastUpdatedTimestamp", Happening::Updated),
    ("deletedTimestamp", Happening::Deleted),
];
const LISTS: &[&str] =
    &["domain", "subject", "customer", "excludeFlag", "includeFlag", "keyword", "keywords", "keywordField", "sortBy"];

/// What a list takes.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it documents what `of_list` reads")]
pub(super) struct SubjectListQuery {
    /// In one of these domains.
    domain: Option<Vec<String>>,
    /// One of these: ids or short names.
    subject: Option<Vec<String>>,
    /// Of one of these customers, or of a subcustomer of one.
    customer: Option<Vec<String>>,
    /// Whether deleted ones are listed as well.
    include_deleted: Option<bool>,
    /// With all of these flags: `deleted`, `blocked`, `forcePasswordChange`, `daemonAccount`, `passwordNotSet`.
    include_flag: Option<Vec<String>>,
    /// With none of these flags.
    exclude_flag: Option<Vec<String>>,
    /// With these words.
    keywords: Option<Vec<String>>,
    /// The same.
    keyword: Option<Vec<String>>,
    /// `all` (the default) or `any` of the words.
    keyword_match: Option<String>,
    /// Where words are looked for: `shortName`, `name`, `email`, `phoneNumber`; everywhere unless given.
    keyword_field: Option<Vec<String>>,
    /// `id`, `shortName`, `name`, `email`, `createdTimestamp`, `lastUpdatedTimestamp`, `deletedTimestamp`, each also with a leading `-`.
    sort_by: Option<Vec<String>>,
    /// How many at most: 25 unless given, 0 for as many as there may be.
    limit: Option<i64>,
    /// How many to skip.
    offset: Option<i64>,
}

/// What a search takes. Everything is optional.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubjectSearchFields {
    /// In one of these domains.
    domain: Option<Vec<String>>,
    /// One of these: ids or short names.
    subject: Option<Vec<String>>,
    /// Of one of these customers, or of a subcustomer of one.
    customer: Option<Vec<String>>,
    /// In one of these groups, directly or not.
    ancestor: Option<Vec<String>>,
    /// In one of these groups directly. Not in basic searches.
    parent: Option<Vec<String>>,
    /// Only in a search for subjects: `user` or `group`.
    r#type: Option<String>,
    /// Whether deleted ones are found as well.
    include_deleted: Option<bool>,
    /// With all of these flags: `deleted`, `blocked`, `forcePasswordChange`, `daemonAccount`, `passwordNotSet`; basic: the first and
    /// the fourth.
    include_flags: Option<Vec<String>>,
    /// With none of these flags.
    exclude_flags: Option<Vec<String>>,
    /// With these words.
    keywords: Option<Vec<String>>,
    /// `all` (the default) or `any` of the words.
    keyword_match_strategy: Option<String>,
    /// Where words are looked for: `shortName`, `name`, `email`, `phoneNumber` (not basic); everywhere unless given.
    keyword_field_strategy: Option<Vec<String>>,
    /// Not before, in milliseconds. Not in basic searches, as the next three.
    start_timestamp: Option<i64>,
    /// Not after, in milliseconds.
    end_timestamp: Option<i64>,
    /// `createdTimestamp`, `lastUpdatedTimestamp`, `deletedTimestamp`, `all`.
    time_field_strategy: Option<Vec<String>>,
    /// Whether `any` (the default) or `all` of these must lie in between.
    time_match_strategy: Option<String>,
    /// As in a list.
    sort_by: Option<Vec<String>>,
    /// The same conditions, with `exclude` and `required`.
    #[schema(value_type = Option<Vec<Object>>)]
    sub_criteria: Option<Vec<()>>,
    /// How many at most: 25 unless given.
    limit: Option<i64>,
    /// How many to skip.
    offset: Option<i64>,
}

/// What is searched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Users or groups alone; `None`: both.
    pub(super) kind: Option<SubjectType>,
    /// Whether it is the view for everybody.
    pub(super) basic: bool,
}

impl Asked {
    const fn flags(self) -> &'static search_fields::Words<Flag> {
        if self.basic { BASIC_FLAGS } else { FLAGS }
    }

    const fn keyword_fields(self) -> &'static search_fields::Words<KeywordField> {
        if self.basic { BASIC_KEYWORD_FIELDS } else { KEYWORD_FIELDS }
    }

    /// What GET takes.
    ///
    /// # Errors
    /// 412.
    pub(super) fn of_list(self, uri: &Uri) -> Result<Search, ArgusError> {
        let mut query = query_fields(uri.query().unwrap_or_default(), LISTS)?;
        let search = search_fields::list(&mut query, ORDERS, |query| self.of_query(query));
        query.finish().map(|()| search)
    }

    /// What POST takes.
    ///
    /// # Errors
    /// 412.
    pub(super) fn of_search(self, mut fields: Fields) -> Result<Search, ArgusError> {
        let kind = if self.kind.is_none() { fields.word("type", &["user", "group"]) } else { self.kind };
        let mut search = search_fields::search(&mut fields, ORDERS, |fields| self.of_body(fields));
        search.criteria.kind = kind;
        fields.finish().map(|()| search)
    }

    fn of_query(self, query: &mut Fields) -> Criteria {
        let keyword = search_fields::few(query, "keyword").unwrap_or_default();
        let mut keywords = search_fields::keywords(query, ("keywordField", "keywordMatch"), self.keyword_fields());
        keywords.words.extend(keyword);
        Criteria {
            include: search_fields::words(query, "includeFlag", self.flags()),
            exclude: search_fields::words(query, "excludeFlag", self.flags()),
            deleted: query.switch("includeDeleted").unwrap_or_default(),
            ..self.of_both(query, keywords)
        }
    }

    fn of_body(self, fields: &mut Fields) -> Criteria {
        let names = ("keywordFieldStrategy", "keywordMatchStrategy");
        let keywords = search_fields::keywords(fields, names, self.keyword_fields());
        let parents = if self.basic { None } else { search_fields::few(fields, "parent") };
        let period = if self.basic { Default::default() } else { search_fields::period(fields, TIMES) };
        Criteria {
            ancestors: search_fields::few(fields, "ancestor"),
            parents,
            include: search_fields::words(fields, "includeFlags", self.flags()),
            exclude: search_fields::words(fields, "excludeFlags", self.flags()),
            deleted: fields.flag("includeDeleted").unwrap_or_default(),
            period,
            ..self.of_both(fields, keywords)
        }
    }

    fn of_both(self, fields: &mut Fields, keywords: Keywords<KeywordField>) -> Criteria {
        Criteria {
            domains: search_fields::few(fields, "domain"),
            subjects: search_fields::few(fields, "subject"),
            customers: search_fields::few(fields, "customer"),
            kind: self.kind,
            keywords,
            ..Criteria::default()
        }
    }
}

/// Searches, and shows each that was found.
pub(super) async fn answer<T: Serialize>(
    idp: &Idp,
    sight: &Sight,
    search: &Search,
    shown: impl Fn(Subject) -> T,
) -> Result<Reply, ArgusError> {
    let found = read!(idp.database.connections(), |c| subjects::search(c, sight, search))?;
    let rows: Vec<T> = found.rows.into_iter().map(shown).collect();
    Ok(Reply::list(&rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}
