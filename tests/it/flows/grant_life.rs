//! A grant's life, from its beginning to what ended it; and that an administrator ends it.

use super::{
    narrowed_session::narrowed,
    scripts::{self, SCRIPT},
};
use crate::{
    command_line::Operator,
    support::{
        directory,
        people::{Person, SESSION},
        relying_party::{CHALLENGE, REVOKE, RelyingParty, TOKEN, Tokens, userinfo},
        server::{Answer, HOME, TestServer, from, with},
        sessions,
    },
};
use aggregates::{
    client::{ClientAuthentication, ClientCommand},
    user::UserCommand,
    values::Seconds,
};
use argus::config::{Noun, RequireReason};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const GRANTS: &str = "/audit/v1/grants";

async fn call(person: &Person, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    person.server.call(with("authorization", &format!("Bearer {}", person.session_token()), request)).await
}

/// The grant that began last, by its id.
async fn latest(server: &TestServer) -> String {
    let begins = ["authorization.granted", "token.issued_to_script"].map(Value::from);
    let entry = server.audit().await.into_iter().rfind(|entry| begins.contains(&entry["action"]));
    entry.unwrap()["grant_id"].as_str().unwrap().to_owned()
}

/// What an administrator is told of it.
async fn life(admin: &Person, id: &str) -> Value {
    admin.server.audit().await;
    let answer = call(admin, "GET", &format!("{GRANTS}/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"].clone()
}

/// What ended it: the action, and the reason.
async fn end(admin: &Person, id: &str) -> (String, Option<String>) {
    let end = life(admin, id).await["end"].clone();
    (end["action"].as_str().unwrap_or("nothing").to_owned(), end["reason"].as_str().map(str::to_owned))
}

async fn signed_in(person: Person) -> Person {
    person.sign_in().await;
    person
}

async fn works(rp: &RelyingParty, tokens: &Tokens) -> bool {
    rp.server.call(userinfo(&tokens.access)).await.status == 200
}

#[tokio::test]
async fn a_grant_is_shown_to_those_who_may_see_its_beginning_and_is_not_there_for_others() {
    let server = TestServer::start().await;
    let (acme, globex) = (server.directory.acme, server.directory.globex);
    directory::grant(&server.idp, &server.directory, server.directory.alice, "analyst", None).await;
    let here = server.client("acme-app", |definition| definition.customer = Some(acme)).await;
    let there = server.client("globex-app", |definition| definition.customer = Some(globex)).await;
    let (alice, bob) = (signed_in(server.alice()).await, signed_in(server.bob()).await);
    let (audrey, admin) = (signed_in(server.audrey()).await, signed_in(server.admin()).await);
    here.authorize(&alice).await;
    let own = latest(&server).await;
    there.authorize(&alice).await;
    let foreign = latest(&server).await;
    bob.get(&here.authorize_url(&[])).await;
    let refused = server.audit().await.pop().unwrap()["grant_id"].as_str().unwrap().to_owned();
    for id in [&*foreign, &*refused, "0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001", "junk", "%00", "4711"] {
        assert_eq!(call(&audrey, "GET", &format!("{GRANTS}/{id}")).await.status, 404, "{id}");
    }
    for (person, expected) in [(&alice, 403), (&bob, 403), (&audrey, 200), (&admin, 200)] {
        assert_eq!(call(person, "GET", &format!("{GRANTS}/{own}")).await.status, expected, "{}", person.user_name);
        assert_eq!(call(person, "GET", GRANTS).await.status, expected, "{}", person.user_name);
    }
    let ids = |answer: Answer| {
        let grants = answer.json()["data"].as_array().unwrap().clone();
        grants.iter().map(|grant| grant["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(call(&audrey, "GET", GRANTS).await), [&*own]);
    assert_eq!(ids(call(&admin, "GET", GRANTS).await), [&*own, &*foreign]);
    assert_eq!(ids(call(&admin, "GET", &format!("{GRANTS}?query=client:globex-app")).await), [&*foreign]);
    assert_eq!(ids(call(&admin, "GET", &format!("{GRANTS}?query=user:bob")).await), [""; 0]);
}

#[tokio::test]
async fn what_ended_a_grant_is_told_without_the_entry_to_those_who_may_not_see_that() {
    let server = TestServer::start().await;
    let acme = server.directory.acme;
    let rp = server.client("acme-app", |definition| definition.customer = Some(acme)).await;
    directory::grant(&server.idp, &server.directory, server.directory.bob, "analyst", Some("acme")).await;
    let (audrey, admin) = (signed_in(server.audrey()).await, signed_in(server.admin()).await);
    rp.authorize(&server.bob()).await;
    let id = latest(&server).await;
    directory::tell(&server.idp, server.directory.bob, UserCommand::Block).await;
    let seen = life(&admin, &id).await["end"].clone();
    assert_eq!((&seen["action"], seen["entry"].is_object()), (&json!("user.blocked"), true), "{seen}");
    let hidden = life(&audrey, &id).await["end"].clone();
    assert_eq!((&hidden["action"], &hidden["entry"]), (&json!("user.blocked"), &Value::Null), "bob is of globex");
}

#[tokio::test]
async fn nobody_revokes_what_is_not_theirs_to_end() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let alice = server.alice();
    let tokens = rp.tokens_for(&alice).await;
    let id = latest(&server).await;
    let before = server.count_events().await;
    let path = format!("{GRANTS}/{id}");
    let (audrey, bob) = (signed_in(server.audrey()).await, signed_in(server.bob()).await);
    for person in [&alice, &audrey, &bob] {
        assert_eq!(call(person, "DELETE", &path).await.status, 404, "{}", person.user_name);
    }
    let delete = || Request::delete(&path).body(Body::empty()).unwrap();
    assert_eq!(server.call(delete()).await.status, 401);
    let reader = directory::issue_read_only_key(&server.idp, server.directory.admin).await;
    assert_eq!(server.call(with("argus-api-key", &reader, delete())).await.status, 403);
    let admin = signed_in(server.admin()).await;
    for nothing in ["0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001", "junk", "4711"] {
        assert_eq!(call(&admin, "DELETE", &format!("{GRANTS}/{nothing}")).await.status, 404, "{nothing}");
    }
    let signed_in = 3;
    assert_eq!(server.count_events().await, before + signed_in + 1, "nothing but sign-ins and a key");
    assert!(works(&rp, &tokens).await);
}

#[tokio::test]
async fn where_a_reason_is_required_no_grant_is_revoked_without_one() {
    for reasons in [RequireReason::Any(true), RequireReason::Of([Noun::Grant].into())] {
        let server = TestServer::start_with(|config| config.audit.require_reason = reasons).await;
        let (rp, admin) = (server.confidential("app").await, signed_in(server.admin()).await);
        let tokens = rp.tokens_for(&server.alice()).await;
        let path = format!("{GRANTS}/{}", latest(&server).await);
        let refused = call(&admin, "DELETE", &path).await;
        assert_eq!((refused.status, &refused.json()["messages"][0]["field"]), (412, &json!("reason")));
        assert!(works(&rp, &tokens).await, "and it goes on to be issued without one");
        let request = with("argus-reason", "Ticket 4711", Request::delete(&path).body(Body::empty()).unwrap());
        let request = with("authorization", &format!("Bearer {}", admin.session_token()), request);
        assert_eq!(server.call(request).await.status, 200);
        assert!(!works(&rp, &tokens).await);
        assert_eq!(server.audit().await.pop().unwrap()["note"], "Ticket 4711");
    }
}

#[tokio::test]
async fn an_administrator_ends_a_grant_and_the_next_request_is_refused() {
    let server = TestServer::start().await;
    let (rp, alice, admin) = (server.confidential("app").await, server.alice(), signed_in(server.admin()).await);
    let kept = rp.tokens_for(&alice).await;
    let tokens = rp.tokens_for(&alice).await;
    let id = latest(&server).await;
    let code = rp.authorize(&alice).await;
    let unredeemed = latest(&server).await;
    assert_eq!(life(&admin, &id).await["end"], Value::Null);
    for id in [&id, &unredeemed] {
        let path = format!("{GRANTS}/{id}");
        assert_eq!(call(&admin, "DELETE", &path).await.status, 200);
        assert_eq!(call(&admin, "DELETE", &path).await.status, 404, "there is no more to revoke");
    }
    assert!(!works(&rp, &tokens).await && !rp.is_active(&tokens.access).await);
    assert_eq!(rp.try_refresh(&tokens.refresh).await.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(rp.try_redeem(&code).await.oauth_error(), (400, "invalid_grant".to_owned()));
    assert!(works(&rp, &kept).await, "no other grant ends");
    for id in [&id, &unredeemed] {
        let end = life(&admin, id).await["end"].clone();
        assert_eq!((&end["action"], &end["reason"]), (&json!("token.revoked"), &json!("by_administrator")));
        assert_eq!(end["entry"]["actor"], format!("user:{}", server.directory.admin));
        let said = end["entry"]["sentence"].as_str().unwrap();
        assert!(said.ends_with("because an administrator asked for it."), "{said}");
    }
}

#[tokio::test]
async fn a_life_is_told_in_order_and_in_pages() {
    let server = TestServer::start().await;
    let (rp, alice, admin) = (server.confidential("app").await, server.alice(), signed_in(server.admin()).await);
    let first = rp.tokens_for(&alice).await;
    let id = latest(&server).await;
    rp.call(TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", &first.refresh), ("scope", "phone")]).await;
    let second = rp.refresh(&first).await;
    rp.refresh(&second).await;
    server.wait(60);
    rp.try_refresh(&first.refresh).await;
    let life = life(&admin, &id).await;
    let actions: Vec<_> =
        life["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let told = [
        "authorization.granted",
        "token.issued",
        "token.refused",
        "token.refreshed",
        "token.refreshed",
        "refresh.reused",
        "token.revoked",
    ];
    assert_eq!(actions, told);
    assert_eq!((&life["issues"], &life["opening"]["userName"]), (&json!(3), &json!("alice")));
    assert_eq!((&life["end"]["action"], &life["end"]["reason"]), (&json!("token.revoked"), &json!("refresh_reused")));
    let (mut after, mut paged) = (0, Vec::new());
    loop {
        let page = call(&admin, "GET", &format!("{GRANTS}/{id}?limit=3&after={after}")).await.json();
        let entries = page["data"]["entries"].as_array().unwrap().clone();
        if entries.is_empty() {
            break;
        }
        assert_eq!(page["data"]["end"], life["end"], "on each page");
        after = page["metaData"]["next"].as_i64().unwrap();
        paged.extend(entries);
    }
    assert_eq!(json!(paged), life["entries"]);
}

/// Somebody who may use every client, signed in.
async fn analyst(server: &TestServer, name: &str) -> Person {
    let input = directory::person(name, name, Some("acme"));
    let user = directory::newcomer(&server.idp, &server.directory, input).await;
    directory::grant(&server.idp, &server.directory, user, "analyst", Some("acme")).await;
    let person = server.person(user, name, "");
    person.keep(SESSION, &sessions::start(&server.idp, user, HOME).await);
    person
}

/// What may end a grant.
#[derive(Clone, Copy, Debug)]
enum Cause {
    WrongVerifier,
    CodeReplayed,
    ByClient,
    SignedOut,
    EndedByAdministrator,
    NarrowedFrom,
    SessionsEnded,
    PasswordSet,
    Blocked,
    Deleted,
    Disabled,
    ClientDeleted,
    AuthenticationChanged,
    CodeExpired,
    TokensExpired,
}

const CAUSES: [(Cause, &str, Option<&str>); 15] = [
    (Cause::WrongVerifier, "token.revoked", Some("code_spoiled")),
    (Cause::CodeReplayed, "token.revoked", Some("code_replayed")),
    (Cause::ByClient, "token.revoked", Some("by_client")),
    (Cause::SignedOut, "session.ended", Some("signed_out")),
    (Cause::EndedByAdministrator, "session.ended", Some("ended_by_administrator")),
    (Cause::NarrowedFrom, "session.ended", Some("signed_out")),
    (Cause::SessionsEnded, "user.sessions_ended", None),
    (Cause::PasswordSet, "user.password_set", None),
    (Cause::Blocked, "user.blocked", None),
    (Cause::Deleted, "user.deleted", None),
    (Cause::Disabled, "client.disabled", None),
    (Cause::ClientDeleted, "client.deleted", None),
    (Cause::AuthenticationChanged, "client.authentication_changed", None),
    (Cause::CodeExpired, "expired", Some("code")),
    (Cause::TokensExpired, "expired", Some("tokens")),
];

/// Brings it about, and says what was granted and must not work any more.
async fn bring_about(cause: Cause, rp: &RelyingParty, person: &Person, admin: &Person) -> Option<Tokens> {
    let server = &rp.server;
    let tell = |command| directory::tell(&server.idp, person.id, command);
    match cause {
        Cause::WrongVerifier => {
            let challenged = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
            let code = rp.authorize_with(person, &challenged).await;
            assert_eq!(rp.try_redeem(&code).await.status, 400, "without the verifier");
            return None;
        }
        Cause::CodeExpired => {
            rp.authorize(person).await;
            server.wait(61);
            return None;
        }
        Cause::CodeReplayed => {
            let code = rp.authorize(person).await;
            let tokens = rp.redeem(&code).await;
            rp.try_redeem(&code).await;
            return Some(tokens);
        }
        Cause::NarrowedFrom => {
            let whole = person.session_token();
            person.keep(SESSION, &narrowed(server, &whole, &json!({ "readOnly": true })).await);
            let tokens = rp.tokens_for(person).await;
            person.keep(SESSION, &whole);
            person.sign_out().await;
            return Some(tokens);
        }
        _ => {}
    }
    let tokens = rp.tokens_for(person).await;
    match cause {
        Cause::ByClient => drop(rp.call(REVOKE, &[("token", &tokens.refresh)]).await),
        Cause::SignedOut => person.sign_out().await,
        Cause::EndedByAdministrator => {
            let session = server.audit().await.pop().unwrap()["session_id"].as_str().unwrap().to_owned();
            let path = format!("/authentication/v1/session/{session}");
            assert_eq!(call(admin, "DELETE", &path).await.status, 200);
        }
        Cause::SessionsEnded => tell(UserCommand::EndSessions).await,
        Cause::PasswordSet => directory::set_password(&server.idp, person.id, "seven other boats at sea", false).await,
        Cause::Blocked => tell(UserCommand::Block).await,
        Cause::Deleted => tell(UserCommand::Delete).await,
        Cause::Disabled => rp.redefine(|definition| definition.disabled = true).await,
        Cause::ClientDeleted => server.tell_client(rp.id, ClientCommand::Delete).await,
        Cause::AuthenticationChanged => {
            let public = |definition: &mut aggregates::client::Definition| {
                (definition.authentication, definition.require_pkce) = (ClientAuthentication::None, true);
            };
            rp.redefine(public).await;
        }
        _ => server.wait(1801),
    }
    Some(tokens)
}

#[tokio::test]
async fn each_cause_of_an_end_is_named_and_is_an_end() {
    let server = TestServer::start_with(|config| config.lifetimes.refresh = Seconds(1800)).await;
    let admin = signed_in(server.admin()).await;
    for (cause, action, reason) in CAUSES {
        let name = format!("{cause:?}").to_lowercase();
        let (rp, somebody) = (server.confidential(&name).await, analyst(&server, &name).await);
        let tokens = bring_about(cause, &rp, &somebody, &admin).await;
        let id = latest(&server).await;
        assert_eq!(end(&admin, &id).await, (action.to_owned(), reason.map(str::to_owned)), "{cause:?}");
        if let Some(tokens) = tokens {
            assert!(!works(&rp, &tokens).await, "{cause:?}");
        }
    }
}

#[tokio::test]
async fn a_grant_ends_with_its_session_and_a_scripts_with_its_key() {
    let server = TestServer::start_with(|config| config.lifetimes.session = Seconds(1800)).await;
    let (rp, admin) = (server.confidential("app").await, server.admin());
    rp.tokens_for(&server.alice()).await;
    let session = latest(&server).await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
    let token = scripts::issue(&rp, &key, &[]).await["access_token"].as_str().unwrap().to_owned();
    let script = latest(&server).await;
    scripts::issue(&rp, &directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await, &[]).await;
    let other = latest(&server).await;
    let (prefix, _) = key.rsplit_once('/').unwrap();
    let revoke = UserCommand::RevokeApiKey { prefix: prefix.parse().unwrap() };
    directory::tell(&server.idp, server.directory.alice, revoke).await;
    admin.sign_in().await;
    assert_eq!(end(&admin, &script).await, ("user.api_key_revoked".to_owned(), None));
    assert_eq!(server.call(from(SCRIPT, userinfo(&token))).await.status, 401);
    assert_eq!(end(&admin, &other).await, ("nothing".to_owned(), None), "another key's");
    assert_eq!(end(&admin, &session).await, ("nothing".to_owned(), None));
    server.wait(1801);
    admin.sign_in().await;
    assert_eq!(end(&admin, &session).await, ("expired".to_owned(), Some("session".to_owned())));
    assert_eq!(end(&admin, &other).await, ("expired".to_owned(), Some("tokens".to_owned())));
}

#[tokio::test]
async fn the_command_line_lists_shows_and_revokes() {
    let operator = Operator::new().await;
    let server = &operator.server;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let id = latest(server).await;
    let next = rp.refresh(&tokens).await;
    rp.tokens_for(&alice).await;
    server.audit().await;
    let missing = "0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001";
    for line in [format!("grant show {missing}"), format!("grant revoke {missing}"), "grant show junk".to_owned()] {
        assert_eq!(operator.code(&line).await, Some(3), "{line}");
    }
    assert_eq!(operator.code("grant list nonsense").await, Some(2));
    let listed = operator.listed("grant list").await;
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert_eq!((&listed[0]["id"], &listed[0]["user"], &listed[0]["issues"]), (&json!(id), &json!("alice"), &json!(2)));
    operator.done(&format!("grant revoke {id} --reason lost")).await;
    assert_eq!(rp.try_refresh(&next.refresh).await.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(operator.code(&format!("grant revoke {id}")).await, Some(3), "no more to revoke");
    server.audit().await;
    assert_eq!(operator.listed("grant list --alive").await.len(), 1);
    let listed = operator.listed("grant list --limit 1").await;
    assert_eq!((listed.len(), &listed[0]["by"]), (1, &json!("token.revoked by_administrator")));
    let shown = String::from_utf8(operator.run(&format!("grant show {id}")).await.stdout).unwrap();
    for told in ["was granted an authorization of client app", "were refreshed", "(\"lost\").", "It ended at "] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    let shown = operator.run(&format!("grant show {id} --json")).await.stdout;
    assert_eq!(serde_json::from_slice::<Value>(&shown).unwrap()["end"]["entry"]["actor"], "system:cli");
}
