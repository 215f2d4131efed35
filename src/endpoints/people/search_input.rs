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
use serde::Serialize;

pub(super) const ORDERS: &search_fields::Words<SortKey> = &[
    ("id", SortKey::Id),
    ("shortName", SortKey::ShortName),
    ("name", SortKey::Name),
    ("email", SortKey::Email),
    ("createdTimestamp", SortKey::Time(Happening::Created)),
    ("lastUpdatedTimestamp", SortKey::Time(Happening::Updated)),
    ("deletedTimestamp", SortKey::Time(Happening::Deleted)),
];
pub(super) const FLAGS: &search_fields::Words<Flag> = &[
    ("deleted", Flag::Deleted),
    ("blocked", Flag::Blocked),
    ("forcePasswordChange", Flag::ForcePasswordChange),
    ("daemonAccount", Flag::DaemonAccount),
    ("passwordNotSet", Flag::PasswordNotSet),
];
pub(super) const BASIC_FLAGS: &search_fields::Words<Flag> =
    &[("deleted", Flag::Deleted), ("daemonAccount", Flag::DaemonAccount)];
pub(super) const KEYWORD_FIELDS: &search_fields::Words<KeywordField> = &[
    ("shortName", KeywordField::ShortName),
    ("name", KeywordField::Name),
    ("email", KeywordField::Email),
    ("phoneNumber", KeywordField::PhoneNumber),
];
pub(super) const BASIC_KEYWORD_FIELDS: &search_fields::Words<KeywordField> =
    &[("shortName", KeywordField::ShortName), ("name", KeywordField::Name), ("email", KeywordField::Email)];
const TIMES: &search_fields::Words<Happening> = &[
    ("createdTimestamp", Happening::Created),
    ("lastUpdatedTimestamp", Happening::Updated),
    ("deletedTimestamp", Happening::Deleted),
];
const LISTS: &[&str] =
    &["domain", "subject", "customer", "excludeFlag", "includeFlag", "keyword", "keywords", "keywordField", "sortBy"];

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
        let keyword = search_fields::few_words(query, "keyword");
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
    let found = search_fields::found(read!(idp.database.searches(), |c| subjects::search(c, sight, search)))?;
    let rows: Vec<T> = found.rows.into_iter().map(shown).collect();
    Ok(Reply::list(&rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}
