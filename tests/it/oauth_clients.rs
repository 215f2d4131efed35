//! OAuth clients over HTTP: the real router, by API key. What is refused first.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::support::postgres::{self, TestDatabase};
use argus::{
    app::App,
    clock::SystemClock,
    entropy::SystemEntropy,
    http::{PeerIp, client_authentication::sha256_hex},
    keys::MasterKey,
    router::router,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::{net::Ipv4Addr, sync::Arc};
use tower::ServiceExt;

const CLIENTS: &str = "/authentication/v1/oauth/client";

/// A running server with a first administrator, an ordinary user, and an API key of each.
struct Server {
    router: Router,
    database: TestDatabase,
    app: App,
}

struct Answer {
    status: u16,
    body: Value,
}

impl Answer {
    fn data(&self, name: &str) -> &Value {
        &self.body["data"][name]
    }

    /// The fields that messages are about, sorted.
    fn bad_fields(&self) -> Vec<&str> {
        let messages = self.body["messages"].as_array().unwrap();
        let mut fields: Vec<_> = messages.iter().map(|message| message["field"].as_str().unwrap()).collect();
        fields.sort_unstable();
        fields
    }
}

const ADMIN: &str = "1ad/1n/admin-secret";
const USER: &str = "1us/2r/user-secret";

impl Server {
    async fn start() -> Self {
        let database = postgres::fresh();
        let opened = database.database().await;
        let mut config = database.config();
        let file = postgres::scratch().join("master.key");
        MasterKey::create(&file, &SystemEntropy::default()).unwrap();
        config.keys.master_key_file = Some(file);
        let app = App::start(config, opened, Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
        let app = app.await.unwrap();
        let mut c = database.owner().await;
        issue_key(&mut c, ADMIN, "(SELECT id FROM users)").await;
        let user = "INSERT INTO users (id, number, domain_id, customer_id, user_name, name, created_at, sequence)
                    SELECT gen_random_uuid(), 99, domain_id, customer_id, 'user', 'User', 0, 1 FROM users";
        sqlx::query(user).execute(&mut c).await.unwrap();
        let key = "INSERT INTO personal_keys SELECT u.id, p.wrapped FROM users u, personal_keys p
                   WHERE u.user_name = 'user' LIMIT 1";
        sqlx::query(key).execute(&mut c).await.unwrap();
        issue_key(&mut c, USER, "(SELECT id FROM users WHERE user_name = 'user')").await;
        Self { router: router(app.idp.clone()), database, app }
    }

    async fn send(&self, key: &str, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        self.send_as(key, (method, path), "application/json", body).await
    }

    async fn send_as(&self, key: &str, (method, path): (Method, &str), content: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("argus-api-key", key)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, content)
            .extension(PeerIp(Ipv4Addr::LOCALHOST.into()))
            .body(body.into())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer { status, body: serde_json::from_slice(&bytes).unwrap() }
    }

    async fn post(&self, body: &Value) -> Answer {
        self.send(ADMIN, Method::POST, CLIENTS, body.to_string()).await
    }

    async fn put(&self, client: &str, body: &Value) -> Answer {
        self.send(ADMIN, Method::PUT, &format!("{CLIENTS}/{client}"), body.to_string()).await
    }

    async fn get(&self, key: &str, client: &str) -> Answer {
        self.send(key, Method::GET, &format!("{CLIENTS}/{client}"), "").await
    }

    async fn search(&self, key: &str, body: &Value) -> Answer {
        self.send(key, Method::POST, &format!("{CLIENTS}/search"), body.to_string()).await
    }

    /// Gives the ordinary user a function for the customer that there is.
    async fn allow(&self, function: &str) {
        sqlx::query(
            "INSERT INTO permissions SELECT u.id, f.id, u.customer_id, 1000 + f.number, 0, 'system:test' FROM users u, functions f
             WHERE u.user_name = 'user' AND f.short_name = $1",
        )
        .bind(function)
        .execute(&mut self.database.owner().await)
        .await
        .unwrap();
    }

    async fn count_events(&self) -> i64 {
        let sql = "SELECT count(*) FROM events WHERE aggregate_type = 'client'";
        sqlx::query_scalar(sql).fetch_one(&mut self.database.owner().await).await.unwrap()
    }

    async fn stop(self) {
        self.app.stop().await;
    }
}

async fn issue_key(c: &mut PgConnection, key: &str, user: &str) {
    let (prefix, secret) = key.rsplit_once('/').unwrap();
    let sql = format!(
        "INSERT INTO api_keys (prefix, user_id, secret_hash, sources, description, constraints, read_only, created_by, created_at, expires_at)
         VALUES ($1, {user}, $2, '[\"127.0.0.1/32\"]', '', '{{\"functions\": null, \"customers\": null, \"read_only\": false}}', false, 'system:cli', 0, $3)"
    );
    let query = sqlx::query(&sql).bind(prefix).bind(sha256_hex(secret)).bind(i64::MAX);
    query.execute(c).await.unwrap();
}

/// The body of the original's administrators' guide.
fn guide() -> Value {
    json!({
        "shortName": "portal", "name": "Portal", "description": "Shows cases.", "mainURI": "https://portal.example/",
        "redirectURI": "https://portal.example/cb", "clientIPRange": ["192.0.2.0/24", "198.51.100.7"],
        "clientSecret": "correct horse battery", "requiredFunction": "viewOAuthClients", "permissionScope": "viewOAuthClients",
    })
}

fn many_addresses() -> Vec<String> {
    (0..10_000).map(|n| format!("10.0.{}.{}", n / 256, n % 256)).collect()
}

fn guide_but(changes: &Value) -> Value {
    let mut body = guide();
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_field_is_told_and_nothing_is_stored() {
    let server = Server::start().await;
    for (changes, bad) in [
        (json!({"shortName": "0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001"}), vec!["shortName"]),
        (json!({"shortName": "<>"}), vec!["shortName"]),
        (json!({"name": "<script>alert(1)</script>"}), vec!["name"]),
        (json!({"mainURI": "javascript:alert(1)//https://"}), vec!["mainURI"]),
        (json!({"redirectURI": "http://portal.example/cb"}), vec!["redirectURI"]),
        (json!({"redirectURI": "https://portal.example/*"}), vec!["redirectURI"]),
        (json!({"redirectURIs": ["https://other.example/"]}), vec!["redirectURI"]),
        (json!({"redirectURIs": []}), vec!["redirectURI"]),
        (json!({"clientIPRange": []}), vec!["clientIPRange"]),
        (json!({"clientIPRange": [""]}), vec!["clientIPRange[0]"]),
        (json!({"clientIPRange": ["10.0.0.5/8", "10.0.0.0/08"]}), vec!["clientIPRange[0]", "clientIPRange[1]"]),
        (json!({"clientIPRange": "10.0.0.0/8"}), vec!["clientIPRange"]),
        (json!({"clientIPRange": ["192.0.2.7", "192.0.2.7/32"]}), vec!["clientIPRange"]),
        (json!({"clientIPRange": many_addresses()}), vec!["clientIPRange"]),
        (
            json!({"requiredFunction": "nothing", "permissionScope": "99999"}),
            vec!["permissionScope", "requiredFunction"],
        ),
        (json!({"customer": "nobody"}), vec!["customer"]),
        (json!({"domain": "nowhere"}), vec!["domain"]),
        (json!({"authenticationMethod": "none"}), vec!["clientSecret"]),
        (json!({"clientSecret": null}), vec!["authenticationMethod", "clientSecret"]),
        (json!({"maxSecurityLevel": "root"}), vec!["maxSecurityLevel"]),
        (
            json!({"openIDCustomClaims": [{"claim": "sub", "scope": "openid", "value": 1}]}),
            vec!["openIDCustomClaims[0].claim"],
        ),
        (json!({"id": "x", "flags": [], "deleted": true}), vec!["deleted", "flags", "id"]),
        (json!({"hidden": null}), vec!["hidden"]),
    ] {
        let answer = server.post(&guide_but(&changes)).await;
        assert_eq!((answer.status, answer.bad_fields()), (412, bad), "{changes}");
    }
    let missing = server.post(&json!({})).await;
    assert_eq!(missing.bad_fields().len(), 8, "{}", missing.body);
    assert_eq!(server.count_events().await, 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_of_the_addresses_can_be_read_as_everywhere() {
    let server = Server::start().await;
    let before = server.post(&guide()).await.data("clientIPRange").clone();
    for (ranges, bad) in [
        (json!([]), "clientIPRange"),
        (json!(null), "clientIPRange"),
        (json!(""), "clientIPRange"),
        (json!([""]), "clientIPRange[0]"),
        (json!([null]), "clientIPRange[0]"),
        (json!(["192.0.2.0/24", "192.0.2.0/24"]), "clientIPRange"),
        (json!(many_addresses()), "clientIPRange"),
    ] {
        let answer = server.put("portal", &json!({ "clientIPRange": ranges })).await;
        assert_eq!((answer.status, answer.bad_fields()), (412, vec![bad]), "{ranges}");
    }
    assert_eq!(server.get(ADMIN, "portal").await.data("clientIPRange"), &before);
    assert_eq!(server.count_events().await, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_one_json_object_is_refused_in_the_envelope() {
    let server = Server::start().await;
    for body in ["", "{", "[]", "null", r#"{"name":"a","name":"b"}"#, r#"{"name":"\u0000"}"#, r#"{"a":1e400}"#] {
        let answer = server.send(ADMIN, Method::POST, CLIENTS, body.to_owned()).await;
        assert_eq!((answer.status, &answer.body["responseCode"]), (412, &json!(412)), "{body}");
    }
    let bad_utf_8 = server.send(ADMIN, Method::POST, CLIENTS, b"{\"name\":\"\xff\"}".to_vec()).await;
    assert_eq!(bad_utf_8.status, 412);
    let large = server.send(ADMIN, Method::POST, CLIENTS, " ".repeat(400 * 1024)).await;
    assert_eq!(large.status, 412);
    let form = server.send_as(ADMIN, (Method::POST, CLIENTS), "application/x-www-form-urlencoded", "a=b").await;
    assert_eq!(form.status, 412);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_functions_nothing_is_seen_or_done() {
    let server = Server::start().await;
    assert_eq!(server.send("1xx/2x/no", Method::GET, CLIENTS, "").await.status, 401);
    let id = server.post(&guide()).await.data("id").as_str().unwrap().to_owned();
    for client in [&*id, "portal", "unknown"] {
        assert_eq!(server.get(USER, client).await.status, 403);
    }
    assert_eq!(server.send(USER, Method::GET, CLIENTS, "").await.status, 403);
    assert_eq!(server.search(USER, &json!({})).await.status, 403);
    assert_eq!(server.send(USER, Method::POST, CLIENTS, guide().to_string()).await.status, 403);

    server.allow("viewOAuthClients").await;
    let seen = server.get(USER, "PORTAL").await;
    assert_eq!((seen.status, seen.data("id")), (200, &json!(id)));
    for detail in
        ["redirectURI", "redirectURIs", "clientIPRange", "permissionScope", "permittedScopes", "openIDCustomClaims"]
    {
        assert!(seen.data(detail).is_null(), "{detail}");
    }
    for (method, body) in [(Method::PUT, "{}"), (Method::DELETE, "")] {
        assert_eq!(server.send(USER, method, &format!("{CLIENTS}/{id}"), body).await.status, 403);
    }
    assert_eq!(server.send(USER, Method::POST, CLIENTS, guide().to_string()).await.status, 403);
    assert_eq!(server.count_events().await, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_defines_or_edits_a_client_beyond_their_own_rights() {
    let server = Server::start().await;
    for function in ["viewOAuthClients", "createOAuthClients", "updateOAuthClients"] {
        server.allow(function).await;
    }
    let wide = guide_but(&json!({"permissionScope": "viewOAuthClientsDetails"}));
    assert_eq!(server.send(USER, Method::POST, CLIENTS, wide.to_string()).await.status, 403);
    let level = guide_but(&json!({"maxSecurityLevel": "administrative"}));
    assert_eq!(server.send(USER, Method::POST, CLIENTS, level.to_string()).await.status, 403);
    assert_eq!(server.post(&wide).await.status, 201);
    let path = format!("{CLIENTS}/portal");
    for change in [json!({}), json!({"name": "Mine"}), json!({"permissionScope": "viewOAuthClients"})] {
        assert_eq!(server.send(USER, Method::PUT, &path, change.to_string()).await.status, 403, "{change}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_defined_changed_listed_and_deleted() {
    let server = Server::start().await;
    let created = server.post(&guide()).await;
    assert_eq!(created.status, 201, "{}", created.body);
    assert_eq!(created.data("authenticationMethod"), "password");
    assert_eq!(created.data("redirectURIs"), &json!(["https://portal.example/cb"]));
    assert_eq!(created.data("clientIPRange"), &json!(["192.0.2.0/24", "198.51.100.7/32"]));
    assert_eq!(created.data("requiredFunction")["name"], "viewOAuthClients");
    assert_eq!(created.data("createdByUser")["userName"], "admin");
    assert!(!created.body.to_string().contains("argon2") && created.data("clientSecret").is_null());
    let id = created.data("id").as_str().unwrap().to_owned();

    assert_eq!(server.post(&guide_but(&json!({"shortName": "PORTAL"}))).await.bad_fields(), ["shortName"]);
    assert_eq!(server.put("portal", &json!({})).await.status, 220);
    assert_eq!(
        server.put("portal", &json!({"name": "Portal", "clientSecret": "correct horse battery"})).await.status,
        220
    );
    assert_eq!(server.put("portal", &json!({"clientSecret": "another secret"})).await.status, 200);
    let renamed =
        server.put(&id, &json!({"shortName": "portal2", "hidden": true, "permittedScopes": ["openid"]})).await;
    assert_eq!((renamed.status, renamed.data("permittedScopes")), (200, &json!(["openid"])));
    assert_eq!(server.get(ADMIN, "portal").await.status, 404);

    assert_eq!(server.send(ADMIN, Method::GET, CLIENTS, "").await.body["count"], 0);
    let hidden = server.search(ADMIN, &json!({"includeFlags": ["hidden"], "sortBy": ["-name"], "limit": 0})).await;
    assert_eq!((hidden.status, &hidden.body["count"], &hidden.body["size"]), (200, &json!(1), &json!(1)));
    let query = format!("{CLIENTS}?keywords=a&keywords=b&sortBy=-name&limit=5&offset=0");
    assert_eq!(server.send(ADMIN, Method::GET, &query, "").await.status, 200);

    let deleted = server.send(ADMIN, Method::DELETE, &format!("{CLIENTS}/{id}"), "").await;
    assert!(deleted.status == 200 && deleted.data("flags").as_array().unwrap().contains(&json!("deleted")));
    assert_eq!(server.send(ADMIN, Method::DELETE, &format!("{CLIENTS}/{id}"), "").await.status, 404);
    assert_eq!(server.put(&id, &json!({"name": "x"})).await.status, 404);
    assert_eq!(server.post(&guide_but(&json!({"shortName": "portal2"}))).await.status, 201);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_asks_for_too_much_is_refused() {
    let server = Server::start().await;
    for (body, field) in [
        (json!({"limit": -1}), "limit"),
        (json!({"limit": 2_147_483_648_u64}), "limit"),
        (json!({"offset": -1}), "offset"),
        (json!({"sortBy": ["permissionScope"]}), "sortBy"),
        (json!({"sortBy": ["name; DROP TABLE clients"]}), "sortBy"),
        (json!({"keywordMatchStrategy": "some"}), "keywordMatchStrategy"),
        (json!({"includeFlags": ["secret"]}), "includeFlags"),
        (json!({"permissionScope": ["x"]}), "permissionScope"),
        (json!({"subCriteria": [{"subCriteria": []}]}), "subCriteria[0].subCriteria"),
    ] {
        let answer = server.search(ADMIN, &body).await;
        assert_eq!((answer.status, answer.bad_fields()), (412, vec![field]), "{body}");
    }
    server.stop().await;
}
