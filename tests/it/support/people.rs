//! People and their browsers: a cookie jar, forms sent from our own pages, signing in and out.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    directory::{ADMIN_PASSWORD, ALICE_PASSWORD, AUDREY_PASSWORD, BOB_PASSWORD},
    server::{Answer, HOME, TestServer, form},
};
use aggregates::ids::UserId;
use argus::http::PeerIp;
use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};
use std::{collections::BTreeMap, net::IpAddr, ops::Deref, sync::Mutex};

/// The session cookie.
pub(crate) const SESSION: &str = "argus_session";

/// A browser with its cookies.
pub(crate) struct Browser {
    pub(crate) server: TestServer,
    pub(crate) ip: IpAddr,
    jar: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub(crate) fn new(server: &TestServer) -> Self {
        Self { server: server.clone(), ip: HOME, jar: Mutex::default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form of one of our own pages.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = form(path, fields);
        request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
        self.send(request).await
    }

    /// Sends any request with the cookies of the jar, and keeps those that come back.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> =
            self.jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            let line = HeaderValue::from_bytes(cookies.join("; ").as_bytes()).unwrap();
            request.headers_mut().insert(header::COOKIE, line);
        }
        request.extensions_mut().insert(PeerIp(self.ip));
        let answer = self.server.call(request).await;
        for (name, value, attributes) in answer.cookies() {
            if attributes.contains("Max-Age=0") {
                self.jar.lock().unwrap().remove(&name);
            } else {
                self.keep(&name, &value);
            }
        }
        answer
    }

    /// Puts a cookie into the jar.
    pub(crate) fn keep(&self, name: &str, value: &str) {
        self.jar.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).cloned()
    }

    /// The session token in the jar.
    pub(crate) fn session_token(&self) -> String {
        self.cookie(SESSION).unwrap()
    }
}

/// Somebody with a password, at a browser.
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) user_name: String,
    pub(crate) password: String,
    browser: Browser,
}

impl Deref for Person {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Person {
    /// Signs in at the page of its own, and is in afterwards.
    pub(crate) async fn sign_in(&self) -> Answer {
        let answer = self.post("/login", &[("username", &self.user_name), ("password", &self.password)]).await;
        assert_eq!(answer.location(), "/", "{} signs in", self.user_name);
        answer
    }

    /// Signs in at the page to which an authorization request led, and answers with where it leads back to.
    pub(crate) async fn sign_in_at(&self, login: &str) -> String {
        let resume = login.split_once("?resume=").unwrap().1;
        let fields = [("username", self.user_name.as_str()), ("password", &self.password), ("resume", resume)];
        self.post("/login", &fields).await.location().to_owned()
    }

    pub(crate) async fn sign_out(&self) {
        assert_eq!(self.post("/logout", &[]).await.status, 200, "{} signs out", self.user_name);
    }

    /// The same person at another browser, without cookies.
    pub(crate) fn elsewhere(&self) -> Self {
        let browser = Browser::new(&self.server);
        Self { id: self.id, user_name: self.user_name.clone(), password: self.password.clone(), browser }
    }

    pub(crate) fn at(mut self, ip: &str) -> Self {
        self.browser.ip = ip.parse().unwrap();
        self
    }
}

impl TestServer {
    /// Analyst for acme, member of a group of acme and one of globex.
    pub(crate) fn alice(&self) -> Person {
        self.person(self.directory.alice, "alice", ALICE_PASSWORD)
    }

    /// Holds nothing.
    pub(crate) fn bob(&self) -> Person {
        self.person(self.directory.bob, "bob", BOB_PASSWORD)
    }

    /// Auditor for acme.
    pub(crate) fn audrey(&self) -> Person {
        self.person(self.directory.audrey, "audrey", AUDREY_PASSWORD)
    }

    /// Administrator.
    pub(crate) fn admin(&self) -> Person {
        self.person(self.directory.admin, "admin", ADMIN_PASSWORD)
    }

    pub(crate) fn person(&self, id: UserId, user_name: &str, password: &str) -> Person {
        let (user_name, password) = (user_name.to_owned(), password.to_owned());
        Person { id, user_name, password, browser: Browser::new(self) }
    }
}
