//! What the calls take, as the description of the API shows it; `fields` and `search_input` read it.
#![expect(dead_code, reason = "nobody makes one: they describe")]

use super::search_input::{FLAGS, KEYWORD_FIELDS, MAPPING_ORDERS, ORDERS};
use crate::http::{
    AnyReference,
    described_search::{PageFields, Sorted},
    described_words::{described, described_or_all, described_orders},
    search_fields::Match,
};
use projections::functions::InEnglish;
use utoipa::{ToSchema, openapi::Array};

/// What a list takes.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct FunctionQuery {
    /// One of these: numbers or names.
    #[param(max_items = 50)]
    function: Option<Vec<String>>,
    /// Implied by one of these, directly or not.
    #[param(max_items = 50)]
    ancestor: Option<Vec<String>>,
    /// Implying one of these, directly or not.
    #[param(max_items = 50)]
    descendant: Option<Vec<String>>,
    /// Whether deleted ones are listed as well.
    include_deleted: Option<bool>,
    /// With all of these flags: `role`, `deleted`.
    #[param(schema_with = flags)]
    include_flag: Option<Vec<String>>,
    /// With none of these flags.
    #[param(schema_with = flags)]
    exclude_flag: Option<Vec<String>>,
    /// `external`, the level of every function.
    #[param(pattern = "^external$")]
    minimum_security_level: Option<String>,
    /// With these words.
    #[param(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// The same.
    #[param(max_items = 10)]
    keyword: Option<Vec<String>>,
    /// Whether one of the words is enough.
    keyword_match: Option<Match>,
    /// Where words are looked for: `name`, the name in references, or `all`.
    #[param(schema_with = keyword_fields)]
    keyword_field: Option<Vec<String>>,
    /// `id`, `name`, each also with a leading `-`.
    #[param(schema_with = FunctionCriteria::orders)]
    sort_by: Option<Vec<String>>,
}

fn flags() -> Array {
    described(FLAGS)
}

fn keyword_fields() -> Array {
    described_or_all(KEYWORD_FIELDS)
}

/// Which functions.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FunctionCriteria {
    /// One of these: numbers or names.
    #[schema(max_items = 50)]
    function: Option<Vec<AnyReference>>,
    /// Implied by one of these, directly or not.
    #[schema(max_items = 50)]
    ancestors: Option<Vec<AnyReference>>,
    /// Implying one of these, directly or not.
    #[schema(max_items = 50)]
    descendants: Option<Vec<AnyReference>>,
    /// Whether deleted ones are found as well.
    include_deleted: Option<bool>,
    /// Whether the caller must hold it for some customer.
    require_permission: Option<bool>,
    /// With all of these flags: `role`, `deleted`.
    #[schema(max_items = 20)]
    include_flags: Option<Vec<String>>,
    /// With none of these flags.
    #[schema(max_items = 20)]
    exclude_flags: Option<Vec<String>>,
    /// `external`, the level of every function.
    minimum_security_level: Option<String>,
    /// With these words.
    #[schema(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// Where words are looked for: `name`, the name in references, or `all`.
    #[schema(max_items = 20)]
    keyword_field_strategy: Option<Vec<String>>,
    /// Whether one of the words is enough.
    keyword_match_strategy: Option<Match>,
}

impl Sorted for FunctionCriteria {
    fn orders() -> Array {
        described_orders(ORDERS)
    }
}

/// A function that is to be.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewFunction {
    /// The function that is to imply it: number or name.
    parent: AnyReference,
    /// The name in references.
    name: String,
    #[serde(flatten)]
    rest: FunctionDetails,
}

/// What is to change.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FunctionChange {
    /// The name in references.
    name: Option<String>,
    #[serde(flatten)]
    rest: FunctionDetails,
}

/// What a function is.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FunctionDetails {
    /// The name to show; of a function that is to be: its name in references unless given.
    localized_names: Option<InEnglish>,
    /// What it allows, in words.
    localized_descriptions: Option<InEnglish>,
    /// The same.
    description: Option<String>,
    /// Whether administrators hand it out.
    role: Option<bool>,
    /// False.
    read_only: Option<bool>,
    /// False.
    sysadm: Option<bool>,
    /// `other` or `otherRole`, which says nothing.
    role_type: Option<String>,
    /// `external` or `standard`, which says nothing: every session may use what its user holds.
    minimum_security_level: Option<String>,
}

/// Functions that are to be implied.
#[derive(ToSchema)]
pub(super) struct NewChildren {
    /// Numbers or names.
    #[schema(min_items = 1, max_items = 50)]
    children: Vec<AnyReference>,
}

/// Functions that are to be implied no longer.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormerChildren {
    /// Numbers or names.
    #[param(min_items = 1, max_items = 50)]
    child: Vec<String>,
}

/// What a list of mappings takes.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct MappingQuery {
    /// Whose parent is one of these: numbers or names.
    #[param(max_items = 50)]
    parent: Option<Vec<String>>,
    /// Whose child is one of these.
    #[param(max_items = 50)]
    child: Option<Vec<String>>,
    /// False: of what was taken back the audit trail tells.
    #[param(value_type = Option<String>, pattern = "^false$")]
    include_deleted: Option<bool>,
    /// `id`, `parentName`, `childName`, each also with a leading `-`.
    #[param(schema_with = mapping_orders)]
    sort_by: Option<Vec<String>>,
}

fn mapping_orders() -> Array {
    described_orders(MAPPING_ORDERS)
}

/// What a search for mappings takes.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MappingSearchFields {
    /// Whose parent is one of these: numbers or names.
    #[schema(max_items = 50)]
    parent: Option<Vec<AnyReference>>,
    /// Whose child is one of these.
    #[schema(max_items = 50)]
    child: Option<Vec<AnyReference>>,
    /// False: of what was taken back the audit trail tells.
    include_deleted: Option<bool>,
    /// `id`, `parentName`, `childName`, each also with a leading `-`.
    #[schema(max_items = 20)]
    sort_by: Option<Vec<String>>,
    #[serde(flatten)]
    page: PageFields,
}
