//! Redemption of a code: RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9700 §4.5 and §4.8.

use crate::support::{
    directory,
    people::Person,
    relying_party::{CHALLENGE, REDIRECT_URI, RelyingParty, TOKEN, VERIFIER, ranges},
    server::TestServer,
};
use aggregates::{
    client::{Author, ClientCommand, Definition, Facts},
    user::UserCommand,
    values::PermittedScopes,
};

const INVALID_GRANT: u16 = 400;

#[track_caller]
fn invalid_grant(answer: &crate::support::server::Answer, why: &str) {
    assert_eq!(answer.oauth_error(), (INVALID_GRANT, "invalid_grant".to_owned()), "{why}");
}

/// Changes a client that is in use.
pub(super) async fn redefine(server: &TestServer, rp: &RelyingParty, change: impl FnOnce(&mut Definition)) {
    let definition = server.definition_of(rp.id).await;
    let mut wanted = definition;
    change(&mut wanted);
    let facts = Facts { short_name_taken: false, author: Author::Operator };
    server.tell_client(rp.id, ClientCommand::Redefine { definition: Box::new(wanted), facts }).await;
}

#[tokio::test]
async fn a_code_lives_sixty_seconds() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    for (age, good) in [(59, true), (60, false), (3600, false)] {
        let code = rp.authorize(&alice).await;
        server.wait(age);
        let answer = rp.try_redeem(&code).await;
        if good { assert_eq!(answer.status, 200) } else { invalid_grant(&answer, &age.to_string()) }
    }
}

#[tokio::test]
async fn a_code_that_is_presented_twice_takes_back_what_it_gave() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    let tokens = rp.redeem(&code).await;
    let newer = rp.refresh(&tokens).await;
    server.wait(30);
    invalid_grant(&rp.try_redeem(&code).await, "a replay");
    for token in [&tokens.access, &newer.access] {
        assert!(!rp.is_active(token).await);
        assert_eq!(rp.userinfo(token).await.status, 401);
    }
    invalid_grant(&rp.try_refresh(&newer.refresh).await, "its refresh token");
    invalid_grant(&rp.try_redeem(&code).await, "a third time");
    let types: Vec<String> = server.events().await.iter().rev().map(|event| event["type"].to_string()).collect();
    assert!(
        types.contains(&"\"grant.code_replayed\"".to_owned()) && types.contains(&"\"grant.revoked\"".to_owned()),
        "{types:?}"
    );
}

#[tokio::test]
async fn a_code_in_the_hands_of_another_client_is_spoiled() {
    let server = TestServer::start().await;
    let (rp, other, alice) = (server.confidential("app").await, server.confidential("other").await, server.alice());
    let code = rp.authorize(&alice).await;
    invalid_grant(&other.try_redeem(&code).await, "the other client");
    let last = server.events().await.iter().rev().take(2).map(|event| event["type"].to_string()).collect::<Vec<_>>();
    assert_eq!(last, ["\"grant.revoked\"", "\"grant.code_spoiled\""]);
    invalid_grant(&rp.try_redeem(&code).await, "its own");
}

#[tokio::test]
async fn the_redirect_uri_of_the_request_must_be_repeated() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    for other in ["", "https://app.example/callback/", "https://app.example/", "https://evil.example/"] {
        let mut fields = rp.redemption(&code);
        fields.retain(|(name, _)| *name != "redirect_uri");
        fields.push(("redirect_uri", other));
        invalid_grant(&rp.call(TOKEN, &fields).await, other);
    }
}

#[tokio::test]
async fn a_wrong_verifier_spoils_the_code() {
    let server = TestServer::start().await;
    let (spa, rp, alice) = (server.public("spa").await, server.confidential("app").await, server.alice());
    let challenge = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let (another, long) = ("x".repeat(43), "x".repeat(129));
    for client in [&spa, &rp] {
        for verifier in
            ["", CHALLENGE, &VERIFIER[1..], &another, &long, &format!("{VERIFIER}="), &VERIFIER.to_lowercase()]
        {
            let code = client.authorize_with(&alice, &challenge).await;
            let mut fields =
                vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", REDIRECT_URI)];
            fields.push(("code_verifier", verifier));
            invalid_grant(&client.call(TOKEN, &fields).await, verifier);
            fields.pop();
            fields.push(("code_verifier", VERIFIER));
            invalid_grant(&client.call(TOKEN, &fields).await, "the right one comes too late");
        }
    }
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_refused() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    let fields = [&rp.redemption(&code)[..], &[("code_verifier", VERIFIER)]].concat();
    invalid_grant(&rp.call(TOKEN, &fields).await, "no challenge was sent");
}

#[tokio::test]
async fn only_the_code_itself_is_the_code() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let code = rp.authorize(&alice).await;
    let resume = alice.elsewhere().get(&rp.authorize_url(&[])).await.location().split_once('=').unwrap().1.to_owned();
    let flip = |at: usize| {
        let mut bytes = code.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let opaque = tokens.access.split_once('/').unwrap().1.to_owned();
    let session = alice.session_token();
    let mut others = vec![
        code[1..].to_owned(),
        code[..code.len() - 1].to_owned(),
        format!("{code}A"),
        format!("{code}="),
        format!(" {code}"),
        format!("alice/{code}"),
        code.to_uppercase(),
        tokens.refresh.clone(),
        tokens.access.clone(),
        opaque,
        session.split_once('/').unwrap().1.to_owned(),
        session,
        server.directory.admin_key.to_string(),
        resume,
        "0".to_owned(),
        "a".repeat(10_000),
    ];
    others.extend((0..code.len()).step_by(5).map(flip));
    for other in &others {
        invalid_grant(&rp.try_redeem(other).await, other);
    }
    assert_eq!(rp.try_redeem(&code).await.status, 200, "and none of that spoiled it");
    assert!(rp.is_active(&tokens.access).await);
}

/// What happened between the code and its redemption, and to whom.
enum Meanwhile {
    Blocked,
    BlockedAndUnblocked,
    SignedOut,
    PasswordChanged,
    FunctionLost,
    RedirectUriRemoved,
}

#[tokio::test]
async fn what_happened_after_the_code_was_issued_counts() {
    for meanwhile in [
        Meanwhile::Blocked,
        Meanwhile::BlockedAndUnblocked,
        Meanwhile::SignedOut,
        Meanwhile::PasswordChanged,
        Meanwhile::FunctionLost,
        Meanwhile::RedirectUriRemoved,
    ] {
        let server = TestServer::start().await;
        let (rp, alice) = (server.confidential("app").await, server.alice());
        let code = rp.authorize(&alice).await;
        let why = happen(&server, &rp, &alice, meanwhile).await;
        invalid_grant(&rp.try_redeem(&code).await, why);
    }
}

async fn happen(server: &TestServer, rp: &RelyingParty, alice: &Person, what: Meanwhile) -> &'static str {
    let idp = &server.idp;
    match what {
        Meanwhile::Blocked => directory::tell(idp, alice.id, UserCommand::Block).await,
        Meanwhile::BlockedAndUnblocked => {
            directory::tell(idp, alice.id, UserCommand::Block).await;
            directory::tell(idp, alice.id, UserCommand::Unblock).await;
        }
        Meanwhile::SignedOut => alice.sign_out().await,
        Meanwhile::PasswordChanged => directory::set_password(idp, alice.id, "another one, and longer", false).await,
        Meanwhile::FunctionLost => {
            directory::revoke(idp, alice.id, server.directory.function("analyst"), server.directory.acme).await;
        }
        Meanwhile::RedirectUriRemoved => {
            redefine(server, rp, |definition| {
                definition.redirect_uris = vec!["https://app.example/elsewhere".parse().unwrap()];
            })
            .await;
        }
    }
    match what {
        Meanwhile::Blocked => "blocked",
        Meanwhile::BlockedAndUnblocked => "unblocking revives nothing",
        Meanwhile::SignedOut => "signed out",
        Meanwhile::PasswordChanged => "password changed",
        Meanwhile::FunctionLost => "function lost",
        Meanwhile::RedirectUriRemoved => "redirect URI removed",
    }
}

#[tokio::test]
async fn a_client_that_was_deleted_or_moved_out_of_range_is_no_client() {
    let server = TestServer::start().await;
    let (gone, moved, alice) = (server.confidential("gone").await, server.confidential("moved").await, server.alice());
    let codes = (gone.authorize(&alice).await, moved.authorize(&alice).await);
    server.tell_client(gone.id, ClientCommand::Delete).await;
    redefine(&server, &moved, |definition| definition.ip_ranges = ranges(&["10.9.9.9"])).await;
    for (rp, code) in [(&gone, &codes.0), (&moved, &codes.1)] {
        assert_eq!(rp.try_redeem(code).await.oauth_error(), (401, "invalid_client".to_owned()));
    }
    let moved = moved.at("10.9.9.9");
    assert_eq!(moved.try_redeem(&codes.1).await.status, 200);
}

#[tokio::test]
async fn a_scope_that_is_no_longer_permitted_is_not_granted() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await.asking_for("openid profile email"), server.alice());
    let before = rp.tokens_for(&alice).await;
    let code = rp.authorize(&alice).await;
    let permitted = ["openid", "profile"].map(|text| text.parse().unwrap());
    redefine(&server, &rp, |definition| definition.permitted_scopes = PermittedScopes::listed(permitted.into())).await;
    let tokens = rp.redeem(&code).await;
    assert_eq!(tokens.answer["scope"], "openid profile");
    assert_eq!(rp.refresh(&before).await.answer["scope"], "openid profile");
    for access in [&before.access, &tokens.access] {
        assert_eq!(rp.userinfo(access).await.json().get("email"), None);
        assert_eq!(rp.introspect(access).await.json()["scope"], "openid profile");
    }
}

#[tokio::test]
async fn scope_in_the_exchange_widens_nothing() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    let fields = [&rp.redemption(&code)[..], &[("scope", "openid profile email groups")]].concat();
    let answer = rp.call(TOKEN, &fields).await;
    assert!(answer.status == 400 || answer.json()["scope"] == "openid profile", "{}", answer.text());
}

#[tokio::test]
async fn a_code_becomes_tokens() {
    let server = TestServer::start().await;
    let alice = server.alice();
    for rp in [server.confidential("app").await, server.public("spa").await] {
        let tokens = rp.tokens_for(&alice).await;
        assert_eq!((&tokens.answer["token_type"], &tokens.answer["expires_in"]), (&"Bearer".into(), &600.into()));
        assert!(tokens.access.starts_with("alice/") && tokens.id_token.is_some());
        assert_eq!(rp.userinfo(&tokens.access).await.status, 200);
    }
    let rp = server.confidential("api").await.asking_for("profile");
    assert!(rp.tokens_for(&alice).await.id_token.is_none(), "an id_token is for scope openid");
}
