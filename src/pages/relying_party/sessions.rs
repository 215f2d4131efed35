//! Who is signed in here: in memory, by the random value of a cookie, and never more than a thousand.

use super::id_token::Claims;
use axum::http::{HeaderMap, header};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// Cookies are shared by all ports of a host, so the name must differ from the provider's.
const COOKIE: &str = "relying_party";
const MOST: usize = 1000;

/// A sign-in that is under way: what the answer is compared with.
#[derive(Clone)]
pub(super) struct Pending {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// Somebody is signed in. The access token is not kept: it was for userinfo, and was used at once.
#[derive(Clone)]
pub(super) struct SignedIn {
    pub(super) refresh_token: Option<String>,
    pub(super) id_token: String,
    pub(super) identity: Claims,
    pub(super) userinfo: Claims,
    pub(super) refreshed: u32,
}

/// One browser.
#[derive(Clone)]
pub(super) enum Session {
    Pending(Pending),
    SignedIn(Box<SignedIn>),
}

/// Oldest first; the oldest makes room.
#[derive(Default)]
pub(super) struct Sessions(Mutex<VecDeque<(String, Session)>>);

impl Sessions {
    /// The session, if the cookie names one.
    pub(super) fn find(&self, id: &str) -> Option<Session> {
        self.with(|all| all.iter().find(|(known, _)| known == id).map(|(_, session)| session.clone()))
    }

    /// Removes and returns it, so that whatever it holds is used once.
    pub(super) fn take(&self, id: &str) -> Option<Session> {
        self.with(|all| {
            let place = all.iter().position(|(known, _)| known == id)?;
            all.remove(place).map(|(_, session)| session)
        })
    }

    /// Remembers it under this id.
    pub(super) fn put(&self, id: String, session: Session) {
        self.with(|all| {
            all.push_back((id, session));
            if all.len() > MOST {
                all.pop_front();
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut VecDeque<(String, Session)>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The value of this application's cookie, empty without one; an empty id names no session.
pub(super) fn id(headers: &HeaderMap) -> &str {
    let pairs = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut cookies = pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    cookies.find(|(name, _)| *name == COOKIE).map_or("", |(_, value)| value)
}

/// `Set-Cookie` for this id. Not `Secure`: the demo runs on plain http at a loopback address.
pub(super) fn cookie(id: &str) -> [(header::HeaderName, String); 1] {
    [(header::SET_COOKIE, format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax"))]
}
