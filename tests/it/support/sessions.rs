//! Sessions without the time that checking a password takes.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::directory;
use aggregates::{
    ids::UserId,
    session::{AuthenticationMethod, Session, SessionCommand, SignIn},
    values::Seconds,
};
use argus::{
    http::Idp,
    read,
    tokens::{Kind, argus_form},
};
use projections::{personal_keys, users};
use std::net::IpAddr;

/// The session token of a user who has just signed in from there.
pub(crate) async fn start(idp: &Idp, user: UserId, from: IpAddr) -> String {
    let connections = idp.database.connections();
    let row = read!(connections, |c| users::find_by_id(c, user)).unwrap().unwrap();
    let key = read!(connections, |c| personal_keys::find_by_subject(c, user.uuid())).unwrap();
    let (id, now) = (idp.new_id(), idp.now());
    let token = idp.tokens.fresh(Kind::Session, id, 1, idp.entropy.as_ref());
    let start = SessionCommand::Start(SignIn {
        user,
        user_epoch: row.epoch.into(),
        method: AuthenticationMethod::Password,
        token: token.hash(),
        address: idp.seal_address(Some(user), key.as_deref(), from),
        must_change_password: false,
        now,
        valid_until: now.after(Seconds(3600)),
    });
    idp.store.create::<Session>(id, start, &directory::operator()).await.unwrap();
    argus_form(&row.user_name.unwrap(), &idp.tokens.encode(&token))
}
