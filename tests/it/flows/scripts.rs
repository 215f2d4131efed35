//! Scripts: client credentials with a user's API key, and what their tokens are worth.

use super::discovery::claims;
use crate::support::{
    directory,
    relying_party::{RelyingParty, TOKEN, ranges, userinfo},
    server::{Answer, TestServer, form, from, with},
};
use aggregates::{client::ClientCommand, user::UserCommand, values::PermittedScopes};
use serde_json::Value;

/// Where the script runs: not in the client's range.
pub(super) const SCRIPT: &str = "127.0.0.2";

/// What the script asks for with this key.
pub(super) async fn try_issue(rp: &RelyingParty, key: &str, fields: &[(&str, &str)]) -> Answer {
    let asked = [&[("grant_type", "client_credentials"), ("client_id", rp.short_name.as_str())], fields].concat();
    rp.server.call(from(SCRIPT, with("argus-api-key", key, form(TOKEN, &asked)))).await
}

pub(super) async fn issue(rp: &RelyingParty, key: &str, fields: &[(&str, &str)]) -> Value {
    let answer = try_issue(rp, key, fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn access(answer: &Value) -> String {
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn works(server: &TestServer, token: &str) -> bool {
    server.call(from(SCRIPT, userinfo(token))).await.status == 200
}

#[tokio::test]
async fn without_a_key_that_works_from_there_nothing_is_issued() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.2"]).await;
    let (prefix, secret) = key.rsplit_once('/').unwrap();
    let elsewhere = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.3"]).await;
    let invalid = (401, "invalid_client".to_owned());
    for wrong in
        [&format!("{prefix}/wrong"), prefix, &format!("zzz/zz/{secret}"), "", "/", &format!("{}x", *key), &*elsewhere]
    {
        assert_eq!(try_issue(&rp, wrong, &[]).await.oauth_error(), invalid, "{wrong}");
    }
    let fields = [("grant_type", "client_credentials"), ("client_id", "app")];
    let keyless = form(TOKEN, &rp.with_credentials(&[("grant_type", "client_credentials")]));
    let twice = with("argus-api-key", &key, with("argus-api-key", &key, form(TOKEN, &fields)));
    let bearer = with("authorization", &format!("Bearer {}", *key), form(TOKEN, &fields));
    let moved = from("127.0.0.1", with("argus-api-key", &key, form(TOKEN, &fields)));
    let claimed = with("x-forwarded-for", SCRIPT, with("argus-api-key", &key, form(TOKEN, &fields)));
    for request in [from(SCRIPT, keyless), from(SCRIPT, twice), from(SCRIPT, bearer), moved, claimed] {
        assert_eq!(server.call(request).await.oauth_error(), invalid);
    }
    let nobody = [("grant_type", "client_credentials"), ("client_id", "nobody")];
    let unknown = from(SCRIPT, with("argus-api-key", &key, form(TOKEN, &nobody)));
    assert_eq!(server.call(unknown).await.oauth_error(), invalid);
    let unnamed = from(SCRIPT, with("argus-api-key", &key, form(TOKEN, &fields[..1])));
    assert_eq!(server.call(unnamed).await.oauth_error(), invalid);
}

#[tokio::test]
async fn a_secret_is_not_asked_for_but_a_wrong_one_is_refused() {
    let server = TestServer::start().await;
    let (rp, spa) = (server.confidential("app").await, server.public("spa").await);
    let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
    let invalid = (401, "invalid_client".to_owned());
    assert_eq!(try_issue(&rp, &key, &[("client_secret", "wrong")]).await.oauth_error(), invalid);
    assert_eq!(try_issue(&spa, &key, &[("client_secret", "any")]).await.oauth_error(), invalid);
    let secret = rp.secret.clone().unwrap();
    for (party, fields) in [(&rp, vec![]), (&rp, vec![("client_secret", secret.as_str())]), (&spa, vec![])] {
        issue(party, &key, &fields).await;
    }
}

#[tokio::test]
async fn what_the_owner_or_the_client_may_not_is_refused_by_its_name() {
    let server = TestServer::start().await;
    let (idp, alice) = (&server.idp, server.directory.alice);
    let rp = server.confidential("app").await;
    let narrow = server
        .client("narrow", |definition| {
            definition.permitted_scopes = PermittedScopes::listed(["openid".parse().unwrap()].into());
        })
        .await;
    let closed = server.client("closed", |definition| definition.client_credentials = false).await;
    let key = directory::issue_key(idp, alice, &[SCRIPT]).await;
    let bobs = directory::issue_key(idp, server.directory.bob, &[SCRIPT]).await;
    for (party, key, fields, expected) in [
        (&closed, &key, &[][..], (400, "unauthorized_client")),
        (&narrow, &key, &[("scope", "openid email")], (400, "invalid_scope")),
        (&rp, &key, &[("scope", "a\"b")], (400, "invalid_scope")),
        (&rp, &bobs, &[], (400, "invalid_grant")),
    ] {
        let refused = try_issue(party, key, fields).await.oauth_error();
        assert_eq!(refused, (expected.0, expected.1.to_owned()), "{}", party.short_name);
    }
    let reasons: Vec<_> = server
        .events()
        .await
        .into_iter()
        .filter(|event| event["type"] == "grant.refused")
        .map(|event| (event["payload"]["refused"]["reason"].clone(), event["payload"]["refused"]["user"].clone()))
        .collect();
    let [alice, bob] = [alice, server.directory.bob].map(|user| user.to_string());
    assert_eq!(
        reasons,
        [
            ("scripts_not_permitted".into(), alice.clone().into()),
            ("invalid_scope".into(), alice.into()),
            ("function_not_held".into(), bob.into())
        ]
    );
}

#[tokio::test]
async fn a_guess_at_a_real_key_is_recorded_but_not_as_its_owner() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
    try_issue(&rp, &format!("{}/wrong", key.rsplit_once('/').unwrap().0), &[]).await;
    let event = server.events().await.pop().unwrap();
    assert_eq!(event["payload"]["refused"]["reason"], "api_key_not_valid");
    assert_eq!(
        (&event["payload"]["refused"]["step"], &event["metadata"]["actor"]),
        (&"client_credentials".into(), &"anonymous".into())
    );
    let before = server.count_events().await;
    try_issue(&rp, "zzz/zz/guess", &[]).await;
    assert_eq!(server.count_events().await, before, "who names nothing leaves nothing");
}

#[tokio::test]
async fn a_script_gets_a_token_of_the_keys_owner_and_nothing_to_refresh_it_with() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
    let plain = issue(&rp, &key, &[]).await;
    let mut members: Vec<_> = plain.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["access_token", "expires_in", "scope", "token_type"]);
    assert_eq!(
        (&plain["scope"], &plain["token_type"], &plain["expires_in"]),
        (&"".into(), &"Bearer".into(), &600.into())
    );
    assert!(access(&plain).starts_with("alice/"));
    let openid = issue(&rp, &key, &[("scope", "openid profile clientip")]).await;
    let said = claims(openid["id_token"].as_str().unwrap());
    assert_eq!((&said["sub"], &said["aud"]), (&server.directory.alice.to_string().into(), &"app".into()));
    assert_eq!((&said["client_ip"], &said["amr"], &said["sid"]), (&SCRIPT.into(), &Value::Null, &Value::Null));
    let answer = server.call(from(SCRIPT, userinfo(&access(&openid)))).await;
    assert_eq!((answer.status, &answer.json()["preferred_username"]), (200, &"alice".into()));
    let event = server.events().await.pop().unwrap();
    assert_eq!(
        (&event["type"], &event["metadata"]["actor"]),
        (&"grant.issued_to_script".into(), &format!("user:{}", server.directory.alice).into())
    );
    assert_eq!(event["payload"]["issued_to_script"]["api_key"], key.rsplit_once('/').unwrap().0);
    let said = server.audit().await.pop().unwrap();
    assert_eq!(
        (&said["action"], &said["outcome"], &said["ip"]),
        (&"token.issued_to_script".into(), &"granted".into(), &SCRIPT.into())
    );
    assert_eq!((&said["user_id"], &said["method"]), (&server.directory.alice.to_string().into(), &"api_key".into()));
}

#[tokio::test]
async fn the_token_ends_with_whatever_it_hangs_on() {
    let server = TestServer::start().await;
    let (idp, alice) = (&server.idp, server.directory.alice);
    for (n, end) in ["key", "time", "block", "function", "scripts", "client"].into_iter().enumerate() {
        let rp = server.confidential(&format!("app{n}")).await;
        let key = directory::issue_key(idp, alice, &[SCRIPT]).await;
        let token = access(&issue(&rp, &key, &[("scope", "openid")]).await);
        assert!(works(&server, &token).await, "{end}");
        let analyst = server.directory.function("analyst");
        match end {
            "key" => {
                let prefix = key.rsplit_once('/').unwrap().0.parse().unwrap();
                directory::tell(idp, alice, UserCommand::RevokeApiKey { prefix }).await;
            }
            "time" => server.wait(600),
            "block" => directory::tell(idp, alice, UserCommand::Block).await,
            "function" => directory::revoke(idp, alice, analyst, server.directory.acme).await,
            "scripts" => rp.redefine(|definition| definition.client_credentials = false).await,
            _ => server.tell_client(rp.id, ClientCommand::Delete).await,
        }
        assert!(!works(&server, &token).await, "{end}");
        if end != "time" {
            assert!(try_issue(&rp, &key, &[]).await.status >= 400, "{end}");
        }
        match end {
            "block" => directory::tell(idp, alice, UserCommand::Unblock).await,
            "function" => directory::grant(idp, &server.directory, alice, "analyst", Some("acme")).await,
            _ => {}
        }
        assert_eq!(works(&server, &token).await, end == "function", "{end}: only a permission comes back");
    }
}

#[tokio::test]
async fn the_range_of_the_client_does_not_keep_a_script_out() {
    let server = TestServer::start().await;
    let rp = server.client("app", |definition| definition.ip_ranges = ranges(&["192.0.2.1"])).await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
    let token = access(&issue(&rp, &key, &[("scope", "openid")]).await);
    assert!(works(&server, &token).await);
}
