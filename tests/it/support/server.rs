//! The whole server in this process: a database of its own, a clock that stands still, repeatable randomness, the real router.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use super::{
    directory::{self, Directory},
    postgres::{TestDatabase, fresh},
};
use aggregates::values::{Seconds, Timestamp};
use argus::{
    app::App,
    clock::{Clock, ManualClock, SystemClock},
    config::Config,
    database::Database,
    entropy::SeededEntropy,
    http::{Idp, PeerIp},
    keys::MasterKey,
    router::router,
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, header},
};
use http_body_util::BodyExt;
use serde_json::Value;
use std::{
    net::{IpAddr, Ipv4Addr},
    ops::Deref,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;
use tower::ServiceExt;
use url::form_urlencoded;

/// Where the server believes to be.
pub(crate) const ISSUER: &str = "https://idp.example";
/// Where callers are unless they say otherwise.
pub(crate) const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// How long a follower may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; cheap to clone.
#[derive(Clone)]
pub(crate) struct TestServer(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) idp: Idp,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) at: TestDatabase,
    pub(crate) directory: Directory,
    pub(crate) router: Router,
    app: Mutex<Option<App>>,
}

impl Deref for TestServer {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl TestServer {
    /// A server with the directory of [`directory::seed`].
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let at = fresh();
        let mut config = at.config();
        config.issuer = ISSUER.parse().unwrap();
        change(&mut config);
        Self::start_on(at, config).await
    }

    /// On a socket of this machine, for clients that are programs of their own. Ends with the test's runtime.
    pub(crate) async fn listen() -> (Self, String) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let server = Self::start_with(|config| config.issuer = url.parse().unwrap()).await;
        tokio::spawn(argus::http::server::serve(listener, server.router.clone(), std::future::pending()));
        (server, url)
    }

    /// On a database that is at hand, which must be empty.
    pub(crate) async fn start_on(at: TestDatabase, mut config: Config) -> Self {
        let entropy = Arc::new(SeededEntropy::new(2026));
        if config.keys.master_key_file.is_none() {
            let file = config.data_dir.join("master.key");
            MasterKey::create(&file, entropy.as_ref()).unwrap();
            config.keys.master_key_file = Some(file);
        }
        // In the real month, since that has partitions; on a whole second, so that edges are where they seem to be.
        let now = SystemClock.now().millis() / 1000 * 1000;
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(now)));
        let database = Database::open(&config).await.expect("the test database opens");
        let app = App::start(config, database, Arc::clone(&clock) as Arc<dyn Clock>, entropy).await.unwrap();
        let idp = app.idp.clone();
        let directory = directory::seed(&idp).await;
        let router = router(idp.clone());
        Self(Arc::new(Inner { idp, clock, at, directory, router, app: Mutex::new(Some(app)) }))
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(Seconds(seconds));
    }

    /// The server's answer to any request; from [`HOME`] unless the request carries a [`PeerIp`].
    pub(crate) async fn call(&self, mut request: Request<Body>) -> Answer {
        if request.extensions().get::<PeerIp>().is_none() {
            request.extensions_mut().insert(PeerIp(HOME));
        }
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Status and body of an answer, of which nothing is read yet.
    pub(crate) async fn opened(&self, mut request: Request<Body>) -> (u16, Body) {
        request.extensions_mut().insert(PeerIp(HOME));
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        (head.status.as_u16(), body)
    }

    /// Status and text of an answer, and whether that came to its end.
    pub(crate) async fn part_of(&self, request: Request<Body>) -> (u16, bool, String) {
        let (status, mut body) = self.opened(request).await;
        let (mut whole, mut text) = (true, String::new());
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => text += str::from_utf8(&frame.into_data().unwrap()).unwrap(),
                Err(_) => whole = false,
            }
        }
        (status, whole, text)
    }

    /// A bare `GET`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Every event, in the order of the log: `type`, `payload`, `metadata`.
    pub(crate) async fn events(&self) -> Vec<Value> {
        let mut owner = self.at.owner().await;
        let rows: Vec<sqlx::types::Json<Value>> = sqlx::query_scalar(
            "SELECT jsonb_build_object('type', event_type, 'stream', aggregate_type, 'id', aggregate_id, 'payload', payload,
                'metadata', metadata) FROM events ORDER BY position",
        )
        .fetch_all(&mut owner)
        .await
        .unwrap();
        rows.into_iter().map(|row| row.0).collect()
    }

    /// How many events there are, but for refused calls, which are recorded after the answer.
    pub(crate) async fn count_events(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM events WHERE event_type <> 'session.call_refused'")
            .fetch_one(&mut self.at.owner().await)
            .await
            .unwrap()
    }

    /// The audit trail's rows as JSON, once it holds everything that was recorded up to now.
    pub(crate) async fn audit(&self) -> Vec<Value> {
        let mut owner = self.at.owner().await;
        let caught_up = async {
            loop {
                let done: bool = sqlx::query_scalar(
                    "SELECT (SELECT position FROM cursors WHERE name = 'audit') >= (SELECT max(position) FROM events)",
                )
                .fetch_one(&mut owner)
                .await
                .unwrap();
                if done {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, caught_up).await.expect("the audit trail follows");
        let rows: Vec<sqlx::types::Json<Value>> =
            sqlx::query_scalar("SELECT to_jsonb(a) FROM audit a ORDER BY position")
                .fetch_all(&mut owner)
                .await
                .unwrap();
        rows.into_iter().map(|row| row.0).collect()
    }

    /// Stops everything behind the router and closes the database.
    pub(crate) async fn stop(&self) {
        let app = self.app.lock().unwrap().take();
        if let Some(app) = app {
            app.stop().await;
        }
    }
}

/// A request with a form.
pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body = encoded(fields);
    Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.into()).unwrap()
}

/// A request with a JSON body.
pub(crate) fn json(method: &str, path: &str, body: &Value) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    request.body(body.to_string().into()).unwrap()
}

/// The same request from another address.
pub(crate) fn from(ip: &str, mut request: Request<Body>) -> Request<Body> {
    request.extensions_mut().insert(PeerIp(ip.parse().unwrap()));
    request
}

/// The same request with one more header.
pub(crate) fn with(name: &'static str, value: &str, mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// What the server said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => unreachable!("{} {error}: {}", self.status, String::from_utf8_lossy(&self.body)),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Where it sends the browser.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "no redirect: {}", String::from_utf8_lossy(&self.body));
        self.header("location").expect("a redirect has a location")
    }

    /// A parameter of the query of the location.
    #[track_caller]
    pub(crate) fn location_parameter(&self, name: &str) -> Option<String> {
        let location = self.location();
        let query = location.split_once('?').map_or("", |(_, query)| query).trim_end_matches('#');
        form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// Status and `error` of an OAuth refusal.
    #[track_caller]
    pub(crate) fn oauth_error(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        let body = self.json();
        (self.status, body.get("error").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    /// All cookies that it sets: name, value, attributes.
    pub(crate) fn cookies(&self) -> Vec<(String, String, String)> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        lines
            .map(|line| {
                let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
                let (name, value) = pair.split_once('=').unwrap();
                (name.to_owned(), value.to_owned(), attributes.to_owned())
            })
            .collect()
    }
}
