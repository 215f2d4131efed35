//! A signed HTTP request for each event, after the standard webhooks specification: `webhook-id`, `webhook-timestamp`,
//! `webhook-signature`. Redirects are not followed: what is posted goes where the settings say, or nowhere.

use super::{
    cloud_event::{MEDIA_TYPE, Told},
    tls,
};
use crate::{clock::Clock, config::WebhookConfig, event_store::follow::Undelivered};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, Uri, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{error::Error, fmt::Write, sync::Arc, time::Duration};
use tokio::time::timeout;

/// What is read of an answer's body, so that the connection can be used again.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A receiver.
pub(super) struct Webhook {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    target: Uri,
    key: hmac::Key,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

impl Webhook {
    pub(super) fn new(config: &WebhookConfig, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let target = config.target().and_then(|url| url.as_str().parse().ok()).ok_or("its url cannot be used")?;
        let key = config.key().ok_or("its secret cannot be used")?;
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls::client()?).https_or_http().enable_http1();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector.build()),
            target,
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
            timeout: Duration::from_secs(u64::try_from(config.timeout.0).unwrap_or_default()),
            clock,
        })
    }

    /// Posts one event. Any 2xx is an arrival.
    pub(super) async fn post(&self, told: &Told<'_>) -> Result<(), Undelivered> {
        let answer = timeout(self.timeout, self.send(told)).await;
        match answer.map_err(|_| Undelivered::ForNow("no answer in time".to_owned()))?? {
            status if status.is_success() => Ok(()),
            StatusCode::GONE => Err(Undelivered::ForGood("it answered 410 Gone: it wants no more".to_owned())),
            status if status.is_redirection() => {
                Err(Undelivered::ForNow(format!("it answered {status}, and redirects are not followed")))
            }
            status => Err(Undelivered::ForNow(format!("it answered {status}"))),
        }
    }

    async fn send(&self, told: &Told<'_>) -> Result<StatusCode, Undelivered> {
        let body = told.event.to_string();
        let (id, at) = (told.id.to_string(), self.clock.now().millis() / 1000);
        let signature = signature(&self.key, &id, at, &body);
        let request = Request::post(&self.target)
            .header(header::CONTENT_TYPE, MEDIA_TYPE)
            .header("webhook-id", id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signature)
            .body(Full::from(body));
        let request = request.map_err(|error| unreachable(&error))?;
        let (head, body) = self.client.request(request).await.map_err(|error| unreachable(&error))?.into_parts();
        Limited::new(body, LONGEST_ANSWER).collect().await.ok();
        Ok(head.status)
    }
}

/// What `webhook-signature` holds.
fn signature(key: &hmac::Key, id: &str, at: i64, body: &str) -> String {
    let signature = hmac::sign(key, format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(signature))
}

/// The error and its causes; hyper names no URL in them.
fn unreachable(error: &dyn Error) -> Undelivered {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(deeper) = cause {
        let _ = write!(text, ": {deeper}");
        cause = deeper.source();
    }
    Undelivered::ForNow(text)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn a_signature_is_the_one_that_receivers_expect() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let signature = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
