//! The keys of others, and what a narrowed key may do: nobody can give what they do not hold.

use super::{by, by_key, data};
use crate::support::{
    directory::{self, key_from, person},
    server::TestServer,
};
use serde_json::{Value, json};

const WANTED: &str = r#"{ "description": "script", "validSources": ["127.0.0.1"], "expirationDays": 30 }"#;

fn wanted() -> Value {
    serde_json::from_str(WANTED).unwrap()
}

fn of(user: &str) -> String {
    format!("/authentication/v1/user/{user}/apikey")
}

#[tokio::test]
async fn who_may_not_manage_a_user_does_not_see_their_keys() {
    let server = TestServer::start().await;
    let (alice, audrey) = (server.alice(), server.audrey());
    alice.sign_in().await;
    audrey.sign_in().await;
    directory::grant(&server.idp, &server.directory, audrey.id, "viewUsers", Some("acme")).await;
    let key = directory::issue_key(&server.idp, server.directory.bob, &["127.0.0.1"]).await;
    let one = format!("/{}", key.rsplit_once('/').unwrap().0);
    let before = server.count_events().await;
    for (method, suffix, body) in [
        ("GET", "", Value::Null),
        ("POST", "", wanted()),
        ("PUT", one.as_str(), json!({})),
        ("DELETE", one.as_str(), Value::Null),
    ] {
        let path = |user| format!("{}{suffix}", of(user));
        assert_eq!(server.call(super::request(method, &path("bob"), &body)).await.status, 401);
        assert_eq!(by(&alice, method, &path("bob"), &body).await.status, 403, "alice views nobody: {method}");
        assert_eq!(by(&audrey, method, &path("bob"), &body).await.status, 404, "bob is elsewhere: {method}");
        assert_eq!(by(&audrey, method, &path("nobody"), &body).await.status, 404, "{method}");
        assert_eq!(by(&audrey, method, &path("alice"), &body).await.status, 403, "seen, not managed: {method}");
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn nobody_issues_a_key_that_can_do_more_than_they() {
    let server = TestServer::start().await;
    let audrey = server.audrey();
    audrey.sign_in().await;
    for function in ["viewUsers", "manageUsers"] {
        directory::grant(&server.idp, &server.directory, audrey.id, function, Some("acme")).await;
    }
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let one = format!("{}/{}", of("alice"), key.rsplit_once('/').unwrap().0);
    let before = server.count_events().await;
    assert_eq!(by(&audrey, "POST", &of("alice"), &wanted()).await.status, 403, "alice is an analyst, audrey is not");
    assert_eq!(by(&audrey, "PUT", &one, &json!({})).await.status, 403);
    assert_eq!(server.count_events().await, before);
    assert_eq!(data(&by(&audrey, "GET", &of("alice"), &Value::Null).await)["keys"].as_array().unwrap().len(), 1);

    directory::grant(&server.idp, &server.directory, audrey.id, "analyst", Some("acme")).await;
    let issued = data(&by(&audrey, "POST", &of("alice"), &wanted()).await);
    assert_eq!(issued["keyDescriptor"]["createdByUser"]["shortName"], "audrey");
    let key = issued["apiKeyString"].as_str().unwrap();
    assert_eq!(by_key(&server, key, "GET", "/authentication/v1/session", &Value::Null).await.status, 200);
    assert_eq!(
        data(&by(&audrey, "PUT", &one, &json!({ "expirationDays": 5 })).await)["renewedKey"]["validUntil"],
        server.idp.now().millis() + 5 * 86_400_000
    );
    assert_eq!(
        by(&audrey, "POST", &of("alice"), &json!({ "description": "x", "validSources": ["::1"], "password": "x" }))
            .await
            .status,
        412
    );
}

#[tokio::test]
async fn a_key_makes_none_for_further_places_whoever_it_is_for() {
    let server = TestServer::start().await;
    let dora = directory::newcomer(&server.idp, &server.directory, person("dora", "Dora", Some("acme"))).await;
    for function in ["viewUsers", "manageUsers"] {
        directory::grant(&server.idp, &server.directory, dora, function, Some("acme")).await;
    }
    directory::newcomer(&server.idp, &server.directory, person("evan", "Evan", Some("acme"))).await;
    let key = directory::issue_key(&server.idp, dora, &["127.0.0.1"]).await;
    let before = server.count_events().await;
    let anywhere = json!({ "description": "script", "validSources": ["0.0.0.0/0"], "expirationDays": 30 });
    for user in ["dora", "evan"] {
        assert_eq!(by_key(&server, &key, "POST", &of(user), &anywhere).await.status, 403, "{user}");
    }
    assert_eq!(server.count_events().await, before);
    assert_eq!(by_key(&server, &key, "POST", &of("evan"), &wanted()).await.status, 201);
}

#[tokio::test]
async fn a_delegated_administrator_gives_nothing_that_lasts() {
    let server = TestServer::start().await;
    let administrator = server.directory.function("administrator");
    let console = server
        .client("console", |new| (new.required_function, new.permission_scope) = (administrator, administrator))
        .await;
    let admin = server.admin();
    let tokens = console.tokens_for(&admin).await;
    let answer = super::by_token(&server, &tokens.access, "GET", &of("bob"), &Value::Null).await;
    assert_eq!(answer.status, 200, "it may look");
    assert_eq!(super::by_token(&server, &tokens.access, "POST", &of("bob"), &wanted()).await.status, 403);
}

#[tokio::test]
async fn an_administrator_handles_the_keys_of_a_user() {
    let server = TestServer::start().await;
    let admin = &server.directory.admin_key;
    let issued = data(&by_key(&server, admin, "POST", &of("bob"), &wanted()).await);
    let key = issued["apiKeyString"].as_str().unwrap();
    let one = format!("{}/{}", of("bob"), issued["keyDescriptor"]["prefix"].as_str().unwrap());
    assert_eq!(by_key(&server, key, "GET", "/authentication/v1/session", &Value::Null).await.status, 200);
    assert_eq!(
        data(&by_key(&server, admin, "GET", &of("bob"), &Value::Null).await)["keys"],
        json!([issued["keyDescriptor"]])
    );
    assert_eq!(
        data(&by_key(&server, admin, "DELETE", &one, &Value::Null).await),
        json!({ "revokedKey": issued["keyDescriptor"] })
    );
    assert_eq!(by_key(&server, key, "GET", "/authentication/v1/session", &Value::Null).await.status, 401);
    for (method, body) in [("PUT", json!({})), ("DELETE", Value::Null)] {
        assert_eq!(by_key(&server, admin, method, &one, &body).await.status, 404);
        let elsewhere = one.replace("/bob/", "/alice/");
        assert_eq!(by_key(&server, admin, method, &elsewhere, &body).await.status, 404, "of another user");
    }
}

#[tokio::test]
async fn a_narrowed_key_is_narrow() {
    let server = TestServer::start().await;
    let directory = &server.directory;
    let boss = directory::newcomer(&server.idp, directory, person("boss", "Boss", None)).await;
    directory::grant(&server.idp, directory, boss, "administrator", None).await;
    let boss = server.person(boss, "boss", "the boss has this long password");
    directory::set_password(&server.idp, boss.id, &boss.password, false).await;
    boss.sign_in().await;
    let acme: i64 = sqlx::query_scalar("SELECT number FROM customers WHERE id = $1")
        .bind(directory.acme.uuid())
        .fetch_one(&mut server.at.owner().await)
        .await
        .unwrap();
    let issue = async |constraints: Value| {
        let mut body = wanted();
        body["sessionConstraints"] = constraints;
        let issued = data(&by(&boss, "POST", super::KEYS, &body).await);
        (issued["apiKeyString"].as_str().unwrap().to_owned(), issued["keyDescriptor"]["constraints"].clone())
    };
    let status = async |key: &str, method: &str, user: &str, what: &str| {
        by_key(&server, key, method, &format!("/authentication/v1/user/{user}{what}"), &Value::Null).await.status
    };

    let (reader, shown) = issue(json!({ "readOnly": true })).await;
    assert_eq!(shown, json!({ "readOnly": true }));
    assert_eq!(status(&reader, "GET", "alice", "").await, 200);
    assert_eq!(status(&reader, "PUT", "alice", "/block").await, 403);

    let (viewer, shown) = issue(json!({ "function": ["viewUsers"] })).await;
    assert_eq!(shown["functions"][0]["name"], "viewUsers");
    assert_eq!(status(&viewer, "GET", "alice", "").await, 200);
    assert_eq!(status(&viewer, "PUT", "alice", "/block").await, 403);

    let (acmes, shown) = issue(json!({ "customerID": [acme] })).await;
    assert_eq!(shown["customers"][0]["shortName"], "acme");
    assert_eq!(status(&acmes, "GET", "bob", "").await, 404, "bob is of globex");
    assert_eq!(status(&acmes, "PUT", "alice", "/block").await, 200);
}

#[tokio::test]
async fn a_key_loses_what_its_owner_loses() {
    let server = TestServer::start().await;
    let directory = &server.directory;
    directory::grant(&server.idp, directory, directory.audrey, "viewUsers", Some("acme")).await;
    let key = directory::issue_narrow_key(&server.idp, directory.audrey, &key_from(&["127.0.0.1"])).await;
    let path = "/authentication/v1/user/alice";
    assert_eq!(by_key(&server, &key, "GET", path, &Value::Null).await.status, 200);
    let function: uuid::Uuid = sqlx::query_scalar("SELECT id FROM functions WHERE short_name = 'viewUsers'")
        .fetch_one(&mut server.at.owner().await)
        .await
        .unwrap();
    directory::revoke(&server.idp, directory.audrey, aggregates::ids::FunctionId::new(function), directory.acme).await;
    assert_eq!(by_key(&server, &key, "GET", path, &Value::Null).await.status, 403);
}
