//! What the provider publishes about itself (OpenID Connect Discovery §4, RFC 8414 §3), read at first use and kept.

use super::{http::Http, trouble::Trouble};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;

/// An absolute URL in the metadata.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Address(pub(super) Url);

impl TryFrom<String> for Address {
    type Error = url::ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Url::parse(&text).map(Self)
    }
}

/// The metadata that this application uses.
#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Address,
    pub(super) token_endpoint: Address,
    pub(super) userinfo_endpoint: Address,
    pub(super) end_session_endpoint: Option<Address>,
    jwks_uri: Address,
    /// Whether every authorization response names its issuer (RFC 9207 §3).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// The provider and the connection to it.
pub(super) struct Provider {
    issuer: Url,
    metadata: OnceCell<Metadata>,
    pub(super) http: Http,
}

impl Provider {
    pub(super) fn new(issuer: Url) -> Self {
        Self { issuer, metadata: OnceCell::new(), http: Http::new() }
    }

    /// The issuer as configured: without the slash that `Url` puts behind a bare host.
    pub(super) fn issuer(&self) -> &str {
        self.issuer.as_str().trim_end_matches('/')
    }

    /// The metadata, which must be those of the issuer that was asked (Discovery §4.3).
    pub(super) async fn metadata(&self) -> Result<&Metadata, Trouble> {
        let read = || async {
            let address = format!("{}/.well-known/openid-configuration", self.issuer());
            let address = Url::parse(&address).map_err(|error| Trouble::Unreachable(error.to_string()))?;
            let metadata: Metadata = self.http.get(&address, None).await?;
            if metadata.issuer == self.issuer() {
                Ok(metadata)
            } else {
                Err(Trouble::Untrusted("The provider calls itself by another name"))
            }
        };
        self.metadata.get_or_try_init(read).await
    }

    /// The public keys of today: read for each sign-in, so that a key that was replaced is never missing.
    pub(super) async fn keys(&self) -> Result<JwkSet, Trouble> {
        self.http.get(&self.metadata().await?.jwks_uri.0, None).await
    }
}
