//! How callers prove who they are, as the description says it.

use utoipa::{
    Modify,
    openapi::{
        OpenApi, SecurityRequirement,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// Adds the credentials, and what a call takes that says nothing else.
pub(super) struct Credentials;

impl Modify for Credentials {
    fn modify(&self, description: &mut OpenApi) {
        let header =
            |name: &str, what: &str| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, what)));
        let http = |scheme, what: &str| {
            SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(what)).build())
        };
        let cookie = ApiKeyValue::with_description("argus_session", "A session's token.");
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("apiKey", header("Argus-API-Key", "A user's API key: `1ab/2c/secret`."));
        components.add_security_scheme("bearer", http(HttpAuthScheme::Bearer, "An access token or a session's token."));
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        components.add_security_scheme(
            "csrf",
            header("Argus-Csrf-Token", "Signed with the session's key; needed to change something by cookie."),
        );
        components.add_security_scheme("client", http(HttpAuthScheme::Basic, "An OAuth client's id and secret."));
        let alone = |scheme: &str| SecurityRequirement::new::<_, [&str; 0], &str>(scheme, []);
        description.security =
            Some(vec![alone("apiKey"), alone("bearer"), alone("session").add::<_, [&str; 0], &str>("csrf", [])]);
    }
}
