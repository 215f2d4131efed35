//! What the calls take, as the description of the API shows it; the handlers and `search_input` read it.
#![expect(dead_code, reason = "nobody makes one: they describe")]

use super::search_input::ORDERS;
use crate::http::{
    AnyReference,
    described_search::{SearchOf, Sorted},
    described_words::described_orders,
    search_fields::Match,
};
use utoipa::{ToSchema, openapi::Array};

/// A customer that is to be.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewCustomer {
    /// The domain of the parent, by number or short name; the caller's own unless given.
    domain: Option<AnyReference>,
    /// The customer above: number or short name.
    parent: AnyReference,
    /// The name in references.
    short_name: String,
    /// The name to show.
    name: String,
    /// `group` or `leaf`, which says nothing: a customer is a group once another lies below it.
    r#type: Option<String>,
    /// `english`.
    language: Option<String>,
    /// False.
    exclude_from_production: Option<bool>,
    /// False.
    network_base_customer: Option<bool>,
    /// False.
    single_network_domain: Option<bool>,
}

/// What is to change.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerChange {
    /// The name in references.
    short_name: Option<String>,
    /// The name to show.
    name: Option<String>,
    /// `english`.
    language: Option<String>,
    /// False.
    exclude_from_production: Option<bool>,
    /// False.
    network_base_customer: Option<bool>,
    /// False.
    single_network_domain: Option<bool>,
    /// False.
    allow_global_data: Option<bool>,
    /// False.
    data_deleted: Option<bool>,
    /// False.
    deny_submit_for_anonymous_user: Option<bool>,
}

/// Where a customer goes.
#[derive(ToSchema)]
pub(super) struct NewPlace {
    /// The customer above: number or short name.
    parent: AnyReference,
}

/// Nothing.
#[derive(ToSchema)]
pub(super) struct Empty {}

/// What a list takes.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct CustomerQuery {
    /// Directly below one of these: numbers or short names.
    #[param(max_items = 50)]
    parent: Option<Vec<String>>,
    /// With all of these words in number, short name or name.
    #[param(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// `id`, `name`, `shortName`, each also with a leading `-`.
    #[param(schema_with = CustomerCriteria::orders)]
    sort_by: Option<Vec<String>>,
}

/// What a search takes.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerSearch {
    #[serde(flatten)]
    search: SearchOf<CustomerCriteria>,
    /// Finds nothing more: customers are disabled, never deleted.
    include_deleted: Option<bool>,
}

/// Which customers.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerCriteria {
    /// In one of these domains: numbers or short names.
    #[schema(max_items = 50)]
    domain: Option<Vec<AnyReference>>,
    /// One of these: numbers or short names.
    #[schema(max_items = 50)]
    customer: Option<Vec<AnyReference>>,
    /// Directly below one of these.
    #[schema(max_items = 50)]
    parent: Option<Vec<AnyReference>>,
    /// Below one of these, directly or not.
    #[schema(max_items = 50)]
    ancestor: Option<Vec<AnyReference>>,
    /// `group`: others lie below it. `leaf`: none does.
    #[schema(max_items = 20)]
    r#type: Option<Vec<String>>,
    /// With all of these flags: `disabled`, `rootCustomerGroup`.
    #[schema(max_items = 20)]
    include_flags: Option<Vec<String>>,
    /// With none of these flags.
    #[schema(max_items = 20)]
    exclude_flags: Option<Vec<String>>,
    /// With these words.
    #[schema(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// Where words are looked for: `id`, `name`, `shortName`, `all`.
    #[schema(max_items = 20)]
    keyword_field_strategy: Option<Vec<String>>,
    /// Whether one of the words is enough.
    keyword_match_strategy: Option<Match>,
}

impl Sorted for CustomerCriteria {
    fn orders() -> Array {
        described_orders(ORDERS)
    }
}
