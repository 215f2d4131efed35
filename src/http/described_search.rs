//! The form that every search has, as the description of the API shows it; `search_fields` reads it.
#![expect(dead_code, reason = "nobody makes one: they describe")]

use utoipa::{ToSchema, openapi::Array};

/// Criteria of something that can be sorted.
pub trait Sorted: ToSchema {
    /// The words of `sortBy`.
    fn orders() -> Array;
}

/// What a search takes. Everything is optional.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchOf<C: Sorted> {
    #[serde(flatten)]
    criteria: C,
    /// More criteria: beside the above, each may widen, narrow or exclude.
    #[schema(max_items = 10)]
    sub_criteria: Option<Vec<SubCriteriaOf<C>>>,
    /// In this order.
    #[schema(schema_with = C::orders)]
    sort_by: Option<Vec<String>>,
    #[serde(flatten)]
    page: PageFields,
}

/// Which page.
#[derive(ToSchema)]
pub struct PageFields {
    /// The most on a page; 0: as many as there may be on one.
    #[schema(minimum = 0, maximum = 1000, default = 25)]
    limit: Option<i64>,
    /// How many to skip.
    #[schema(minimum = 0, maximum = 2_147_483_647, default = 0)]
    offset: Option<i64>,
}

/// Criteria of their own.
#[derive(ToSchema)]
pub struct SubCriteriaOf<C: ToSchema> {
    #[serde(flatten)]
    criteria: C,
    /// Whether what fits is left out.
    exclude: Option<bool>,
    /// Whether everything has to fit.
    required: Option<bool>,
}
