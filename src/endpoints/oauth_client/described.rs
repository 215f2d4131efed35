//! What names a client, and what a list and a search take, as the description of the API shows it; `search_input` reads the latter.
#![expect(dead_code, reason = "nobody makes one: they describe")]

use super::search_input::ORDERS;
use crate::http::{AnyReference, described_search::Sorted, described_words::described_orders, search_fields::Match};
use utoipa::{ToSchema, openapi::Array};

/// Which client.
#[derive(utoipa::IntoParams)]
#[into_params(names("idOrShortname"), parameter_in = Path)]
pub(super) struct ClientReference(
    /// The UUID, or the short name in the caller's domain.
    String,
);

/// What GET takes.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
pub(super) struct ListParameters {
    /// Of these customers: numbers or short names.
    #[param(max_items = 50)]
    customer: Option<Vec<String>>,
    /// In these domains: numbers or short names.
    #[param(max_items = 50)]
    domain: Option<Vec<String>>,
    /// With all of these words in id, short name or name.
    #[param(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// In this order.
    #[param(schema_with = ClientCriteria::orders)]
    sort_by: Option<Vec<String>>,
}

/// Which clients.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientCriteria {
    /// Of these customers: numbers or short names.
    #[schema(max_items = 50)]
    customer: Option<Vec<AnyReference>>,
    /// In these domains: numbers or short names.
    #[schema(max_items = 50)]
    domain: Option<Vec<AnyReference>>,
    /// That require one of these functions: numbers or names.
    #[schema(max_items = 50)]
    required_function: Option<Vec<AnyReference>>,
    /// These too.
    #[schema(max_items = 20)]
    include_flags: Option<Vec<ClientFlag>>,
    /// None of these.
    #[schema(max_items = 20)]
    exclude_flags: Option<Vec<ClientFlag>>,
    /// With these words.
    #[schema(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// In these fields.
    #[schema(max_items = 20)]
    keyword_field_strategy: Option<Vec<ClientKeywordField>>,
    /// Whether one of the words is enough.
    keyword_match_strategy: Option<Match>,
}

impl Sorted for ClientCriteria {
    fn orders() -> Array {
        described_orders(ORDERS)
    }
}

/// What is left out of lists unless asked for.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum ClientFlag {
    /// It has ended.
    Deleted,
    /// It was defined so.
    Hidden,
}

/// Where words are looked for.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum ClientKeywordField {
    /// The UUID.
    Id,
    /// The name in references.
    ShortName,
    /// The name to show.
    Name,
    /// Each of them.
    All,
}
