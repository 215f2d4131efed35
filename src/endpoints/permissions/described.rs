//! What the calls take, as the description of the API shows it; `authority` and `search_input` read it.
#![expect(dead_code, reason = "nobody makes one: they describe")]

use super::search_input::{KEYWORD_FIELDS, ORDERS};
use crate::http::{
    AnyReference,
    described_search::Sorted,
    described_words::{described_or_all, described_orders},
    search_fields::Match,
};
use utoipa::{ToSchema, openapi::Array};

/// A permission that is to be granted.
#[derive(ToSchema)]
pub(super) struct NewPermission {
    /// The user or the group: number or short name.
    subject: AnyReference,
    /// The function: number or name.
    function: AnyReference,
    /// For which customer, with all below it: number or short name.
    customer: AnyReference,
    /// Why.
    comment: Option<String>,
}

/// Several of them: all are granted, or none.
#[derive(ToSchema)]
pub(super) struct NewPermissions {
    /// The permissions.
    #[schema(min_items = 1, max_items = 50)]
    permissions: Vec<NewPermission>,
}

/// Why a permission is revoked.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RevokeQuery {
    /// Why.
    comment: Option<String>,
}

/// Which permissions are revoked, and why.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RevokeManyQuery {
    /// Numbers.
    #[param(min_items = 1, max_items = 50)]
    permission: Vec<i64>,
    /// Why.
    comment: Option<String>,
}

/// What a list takes.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct PermissionQuery {
    /// In this domain: number or short name.
    domain: Option<String>,
    /// Of these users and groups: numbers or short names.
    #[param(max_items = 50)]
    subject: Option<Vec<String>>,
    /// For these customers: numbers or short names.
    #[param(max_items = 50)]
    customer: Option<Vec<String>>,
    /// With these functions: numbers or names.
    #[param(max_items = 50)]
    function: Option<Vec<String>>,
    /// Also of the groups that the subjects are in.
    #[param(default = true)]
    include_subject_ascendants: Option<bool>,
    /// Also of those who are in the groups.
    #[param(default = true)]
    include_subject_descendants: Option<bool>,
    /// Also for the customers above.
    #[param(default = true)]
    include_customer_ascendants: Option<bool>,
    /// Also for those below.
    #[param(default = true)]
    include_customer_descendants: Option<bool>,
    /// Also with the functions that imply them.
    #[param(default = true)]
    include_function_ascendants: Option<bool>,
    /// Also with those that they imply.
    #[param(default = true)]
    include_function_descendants: Option<bool>,
    /// With these words.
    #[param(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// Whether one of the words is enough.
    keyword_match: Option<Match>,
    /// Where words are looked for, in short names: `function`, `subject`, `customer`, `all`.
    #[param(schema_with = keyword_fields)]
    keyword_field: Option<Vec<String>>,
    /// False: of what was taken back the audit trail tells.
    #[param(value_type = Option<String>, pattern = "^false$")]
    include_deleted: Option<bool>,
}

fn keyword_fields() -> Array {
    described_or_all(KEYWORD_FIELDS)
}

/// Which permissions.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PermissionCriteria {
    /// In this domain: number or short name.
    domain: Option<AnyReference>,
    /// Of these users and groups: numbers or short names.
    #[schema(max_items = 50)]
    subject: Option<Vec<AnyReference>>,
    /// For these customers: numbers or short names.
    #[schema(max_items = 50)]
    customer: Option<Vec<AnyReference>>,
    /// With these functions: numbers or names.
    #[schema(max_items = 50)]
    function: Option<Vec<AnyReference>>,
    /// Also of the groups that the subjects are in.
    #[schema(default = true)]
    include_subject_ascendants: Option<bool>,
    /// Also of those who are in the groups.
    #[schema(default = true)]
    include_subject_descendants: Option<bool>,
    /// Also for the customers above.
    #[schema(default = true)]
    include_customer_ascendants: Option<bool>,
    /// Also for those below.
    #[schema(default = true)]
    include_customer_descendants: Option<bool>,
    /// Also with the functions that imply them.
    #[schema(default = true)]
    include_function_ascendants: Option<bool>,
    /// Also with those that they imply.
    #[schema(default = true)]
    include_function_descendants: Option<bool>,
    /// With these words.
    #[schema(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// Whether one of the words is enough.
    keyword_match_strategy: Option<Match>,
    /// Where words are looked for, in short names: `function`, `subject`, `customer`, `all`.
    #[schema(max_items = 20)]
    keyword_field_strategy: Option<Vec<String>>,
    /// Granted not before, in milliseconds: a number or its digits.
    start_timestamp: Option<AnyReference>,
    /// Granted not after.
    end_timestamp: Option<AnyReference>,
    /// `grantedTimestamp`, `revokedTimestamp`, `all`.
    #[schema(max_items = 20)]
    time_field_strategy: Option<Vec<String>>,
    /// Whether one of the times is enough.
    time_match_strategy: Option<Match>,
    /// False: of what was taken back the audit trail tells.
    include_deleted: Option<bool>,
}

impl Sorted for PermissionCriteria {
    fn orders() -> Array {
        described_orders(ORDERS)
    }
}
