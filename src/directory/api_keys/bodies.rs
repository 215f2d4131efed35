//! The bodies that the requests of this folder are read from, as the API's description has them.
#![expect(dead_code, reason = "they describe; `request` reads")]

use utoipa::ToSchema;

/// From where a key may be used.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct SourceBody {
    /// Only `staticIP` is served, which is the default.
    provider: Option<String>,
    /// The networks.
    static_options: StaticOptionsBody,
}

/// The networks that a key may be used from.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct StaticOptionsBody {
    /// 1 to 200 addresses or CIDR ranges.
    ip_addresses: Vec<String>,
}

/// What narrows a key. Absent lists do not narrow; an empty one is refused.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
struct SessionConstraintsBody {
    /// Functions and roles, by number or name, with what they imply.
    function: Option<Vec<String>>,
    /// The same, by number.
    #[schema(rename = "functionID")]
    function_id: Option<Vec<i64>>,
    /// Customers, by number or short name, with those below them.
    customer: Option<Vec<String>>,
    /// The same, by number.
    #[schema(rename = "customerID")]
    customer_id: Option<Vec<i64>>,
    /// Whether it may change nothing.
    read_only: Option<bool>,
}

/// A new key. One of `source` and `validSources` is required.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct NewApiKeyBody {
    /// What it is for.
    description: String,
    /// From where it may be used.
    source: Option<SourceBody>,
    /// The older form: addresses or CIDR ranges.
    valid_sources: Option<Vec<String>>,
    /// Refused when true, unless the sources are 0.0.0.0/0 and ::/0.
    disable_source_restriction: Option<bool>,
    /// How long it may be used.
    #[schema(minimum = 1, maximum = 1825, default = 90)]
    expiration_days: Option<i64>,
    /// Refused when true.
    disable_expiration: Option<bool>,
    /// What narrows it.
    session_constraints: Option<SessionConstraintsBody>,
    /// For one's own keys only. Need not be given, but if it is, it must be right.
    password: Option<String>,
}

/// For how long a key is renewed.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct RenewalBody {
    /// How long it may be used from now on.
    #[schema(minimum = 1, maximum = 1825, default = 90)]
    expiration_days: Option<i64>,
    /// Refused when true.
    disable_expiration: Option<bool>,
    /// For one's own keys only. Need not be given, but if it is, it must be right.
    password: Option<String>,
}
