//! What lists and searches take, as the description of the API shows it; `search_input` reads it.
#![expect(dead_code, reason = "nobody makes one: they describe")]

use super::search_input::{BASIC_FLAGS, BASIC_KEYWORD_FIELDS, FLAGS, KEYWORD_FIELDS, ORDERS};
use crate::http::{
    AnyReference,
    described_search::{SearchOf, Sorted},
    described_words::{described, described_or_all, described_orders},
    search_fields::Match,
};
use utoipa::{ToSchema, openapi::Array};

/// What a list takes.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct SubjectListQuery {
    /// In one of these domains.
    #[param(max_items = 50)]
    domain: Option<Vec<String>>,
    /// One of these: ids or short names.
    #[param(max_items = 50)]
    subject: Option<Vec<String>>,
    /// Of one of these customers, or of a subcustomer of one.
    #[param(max_items = 50)]
    customer: Option<Vec<String>>,
    /// Whether deleted ones are listed as well.
    include_deleted: Option<bool>,
    /// With these words.
    #[param(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// The same.
    #[param(max_items = 10)]
    keyword: Option<Vec<String>>,
    /// Whether one of the words is enough.
    keyword_match: Option<Match>,
    /// In this order.
    #[param(schema_with = SubjectCriteria::orders)]
    sort_by: Option<Vec<String>>,
}

/// What an administrator's list takes beside.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct Words {
    /// With all of these flags.
    #[param(schema_with = flags)]
    include_flag: Option<Vec<String>>,
    /// With none of these flags.
    #[param(schema_with = flags)]
    exclude_flag: Option<Vec<String>>,
    /// Where words are looked for; everywhere unless given.
    #[param(schema_with = keyword_fields)]
    keyword_field: Option<Vec<String>>,
}

/// What everybody's list takes beside.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct BasicWords {
    /// With all of these flags.
    #[param(schema_with = basic_flags)]
    include_flag: Option<Vec<String>>,
    /// With none of these flags.
    #[param(schema_with = basic_flags)]
    exclude_flag: Option<Vec<String>>,
    /// Where words are looked for; everywhere unless given.
    #[param(schema_with = basic_keyword_fields)]
    keyword_field: Option<Vec<String>>,
}

fn flags() -> Array {
    described(FLAGS)
}

fn keyword_fields() -> Array {
    described_or_all(KEYWORD_FIELDS)
}

fn basic_flags() -> Array {
    described(BASIC_FLAGS)
}

fn basic_keyword_fields() -> Array {
    described_or_all(BASIC_KEYWORD_FIELDS)
}

/// What a search for subjects takes.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubjectSearch {
    #[serde(flatten)]
    search: SearchOf<SubjectCriteria>,
    /// `user` or `group`.
    r#type: Option<String>,
}

/// Which users and groups.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubjectCriteria {
    /// In one of these domains.
    #[schema(max_items = 50)]
    domain: Option<Vec<AnyReference>>,
    /// One of these: ids or short names.
    #[schema(max_items = 50)]
    subject: Option<Vec<AnyReference>>,
    /// Of one of these customers, or of a subcustomer of one.
    #[schema(max_items = 50)]
    customer: Option<Vec<AnyReference>>,
    /// In one of these groups, directly or not.
    #[schema(max_items = 50)]
    ancestor: Option<Vec<AnyReference>>,
    /// In one of these groups directly. Not in basic searches.
    #[schema(max_items = 50)]
    parent: Option<Vec<AnyReference>>,
    /// Whether deleted ones are found as well.
    include_deleted: Option<bool>,
    /// With all of these flags: `deleted`, `blocked`, `forcePasswordChange`, `daemonAccount`, `passwordNotSet`; basic: the first and
    /// the fourth.
    #[schema(max_items = 20)]
    include_flags: Option<Vec<String>>,
    /// With none of these flags.
    #[schema(max_items = 20)]
    exclude_flags: Option<Vec<String>>,
    /// With these words.
    #[schema(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// Whether one of the words is enough.
    keyword_match_strategy: Option<Match>,
    /// Where words are looked for: `shortName`, `name`, `email`, `phoneNumber` (not basic); everywhere unless given.
    #[schema(max_items = 20)]
    keyword_field_strategy: Option<Vec<String>>,
    /// Not before, in milliseconds: a number or its digits. Not in basic searches, as the next three.
    start_timestamp: Option<AnyReference>,
    /// Not after.
    end_timestamp: Option<AnyReference>,
    /// `createdTimestamp`, `lastUpdatedTimestamp`, `deletedTimestamp`, `all`.
    #[schema(max_items = 20)]
    time_field_strategy: Option<Vec<String>>,
    /// Whether one of the times is enough.
    time_match_strategy: Option<Match>,
}

impl Sorted for SubjectCriteria {
    fn orders() -> Array {
        described_orders(ORDERS)
    }
}
