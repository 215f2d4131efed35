//! Requests to the provider: JSON out of GET and of form POST, over plain http and to loopback addresses only.

use super::trouble::Trouble;
use axum::http::{HeaderValue, Request, StatusCode, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::{Host, Url, form_urlencoded};

const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: usize = 256 * 1024;

/// Keeps connections open between requests.
pub(super) struct Http(Client<HttpConnector, Full<Bytes>>);

/// Client id and secret, for HTTP Basic.
#[derive(Clone, Copy)]
pub(super) struct Basic<'a> {
    pub(super) id: &'a str,
    pub(super) secret: &'a str,
}

impl Http {
    pub(super) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// GET, as the bearer of a token if one is given.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: &Url, bearer: Option<&str>) -> Result<T, Trouble> {
        let mut request = Request::get(url.as_str());
        if let Some(token) = bearer {
            request = request.header(header::AUTHORIZATION, sensitive(&format!("Bearer {token}"))?);
        }
        self.send(url, request.body(Full::default())).await
    }

    /// POST of a form, authenticated as the client (RFC 6749 §2.3.1: both halves are form-encoded first).
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        client: Basic<'_>,
        fields: &[(&str, &str)],
    ) -> Result<T, Trouble> {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = STANDARD.encode(format!("{}:{}", encoded(client.id), encoded(client.secret)));
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(url.as_str())
            .header(header::AUTHORIZATION, sensitive(&format!("Basic {pair}"))?)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form));
        self.send(url, request).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        url: &Url,
        request: Result<Request<Full<Bytes>>, axum::http::Error>,
    ) -> Result<T, Trouble> {
        if !is_plain_loopback(url) {
            return Err(Trouble::Untrusted("The provider named an address that is not http on this machine"));
        }
        let request = request.map_err(unreachable)?;
        let answer = tokio::time::timeout(PATIENCE, async {
            let response = self.0.request(request).await.map_err(unreachable)?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await.map_err(unreachable)?;
            Ok((status, body.to_bytes()))
        });
        let (status, body) = answer.await.map_err(unreachable)??;
        if status == StatusCode::OK {
            serde_json::from_slice(&body).map_err(unreachable)
        } else {
            Err(refusal(status, &body))
        }
    }
}

fn is_plain_loopback(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && loopback
}

fn sensitive(value: &str) -> Result<HeaderValue, Trouble> {
    let mut value = HeaderValue::from_str(value).map_err(unreachable)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The OAuth error of an answer that is not 200 (RFC 6749 §5.2).
fn refusal(status: StatusCode, body: &[u8]) -> Trouble {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: String,
        #[serde(default)]
        error_description: String,
    }
    match serde_json::from_slice(body) {
        Ok(Refusal { error, error_description }) => Trouble::Refused { error, description: error_description },
        Err(_) => Trouble::Unreachable(format!("Argus answered {status}.")),
    }
}

fn unreachable(cause: impl std::fmt::Display) -> Trouble {
    Trouble::Unreachable(format!("There was no usable answer: {cause}."))
}
