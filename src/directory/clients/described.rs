//! The bodies that `ClientInput` reads, as the description of the API shows them.
#![expect(dead_code, reason = "nobody makes one: they describe")]

use super::input::{Method, REQUIRED};
use serde_json::Value;
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, Type},
};

/// The fields of a client that shall change.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientFields {
    /// The name in references, unique among the domain's live clients.
    #[schema(pattern = "^[a-zA-Z0-9_:.-]+$", max_length = 100)]
    short_name: Option<String>,
    /// The name on portal pages.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// A sentence for people.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The application's landing page; https.
    #[serde(rename = "mainURI")]
    main_uri: Option<String>,
    /// Where browsers may be sent, compared byte by byte; https, or http to a loopback address.
    #[serde(rename = "redirectURIs")]
    #[schema(min_items = 1)]
    redirect_uris: Option<Vec<String>>,
    /// The older form, for one.
    #[serde(rename = "redirectURI")]
    #[schema(deprecated)]
    redirect_uri: Option<String>,
    /// From where the client itself calls: addresses or CIDR ranges.
    #[serde(rename = "clientIPRange")]
    #[schema(min_items = 1, max_items = 200)]
    client_ip_range: Option<Vec<String>>,
    /// How the client proves itself.
    authentication_method: Option<Method>,
    /// With `password`, which it says when no method is given.
    #[schema(min_length = 8, max_length = 500, write_only)]
    client_secret: Option<String>,
    /// What a user must hold to be let in: a function's number or name.
    required_function: Option<String>,
    /// The most that the client can do for a user: a function's number or name.
    permission_scope: Option<String>,
    /// The scopes that it may be granted; none listed: any.
    permitted_scopes: Option<Vec<String>>,
    /// Left out of lists unless asked for.
    hidden: Option<bool>,
    /// Extra claims.
    #[serde(rename = "openIDCustomClaims")]
    custom_claims: Option<Vec<CustomClaimFields>>,
    /// The cap on delegated sessions.
    #[schema(pattern = "^(external|standard|administrative)$")]
    max_security_level: Option<String>,
    /// Whether a code is only given for a PKCE challenge; without a secret always.
    require_pkce: Option<bool>,
    /// Whether scripts may use it.
    client_credentials: Option<bool>,
    /// Whether each use of a token must come with the address of the user's browser.
    #[serde(rename = "requireSameClientIP")]
    require_same_client_ip: Option<bool>,
    /// What its access tokens look like.
    #[schema(pattern = "^(argus|jwt)$")]
    access_token_format: Option<String>,
    /// Out of use: none of its tokens works.
    disabled: Option<bool>,
}

/// An extra claim, with exactly one of `value`, `source` and `function`.
#[derive(ToSchema)]
pub(super) struct CustomClaimFields {
    /// Its name in the token.
    claim: String,
    /// The scope that asks for it.
    scope: String,
    /// The same for everybody: a text, a whole number or a truth value.
    value: Option<Value>,
    /// Which attribute of the user to copy.
    source: Option<String>,
    /// True for users who hold this function: its number or name.
    function: Option<String>,
}

/// A new client: the same fields, some of them required, and its place.
pub struct NewClient;

impl PartialSchema for NewClient {
    fn schema() -> RefOr<Schema> {
        let mut schema = ClientFields::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            for (name, what) in [
                (
                    "customer",
                    "The customer that it is bound to: number or short name; without one it serves the whole domain.",
                ),
                ("domain", "The domain whose users it serves: number or short name; the caller's own by default."),
            ] {
                let place = Object::builder().schema_type(Type::String).description(Some(what));
                object.properties.insert(name.to_owned(), place.into());
            }
            object.description = Some("A new client.".to_owned());
            object.required = REQUIRED.map(str::to_owned).into();
        }
        schema
    }
}

impl ToSchema for NewClient {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("NewClient")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ClientFields::schemas(schemas);
    }
}
