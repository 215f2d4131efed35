//! `/authentication/v1/apikey…`: one's own keys.

use super::{KEYS, by, by_key, by_token, data, fields};
use crate::support::{
    directory,
    server::{TestServer, from, with},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

const DAY: i64 = 86_400;

fn wanted() -> Value {
    json!({
        "description": "Nightly report",
        "source": { "provider": "staticIP", "staticOptions": { "ipAddresses": ["127.0.0.1", "192.0.2.0/24"] } },
        "disableExpiration": false, "disableSourceRestriction": false,
    })
}

fn many_addresses() -> Vec<String> {
    (0..10_000).map(|n| format!("10.0.{}.{}", n / 256, n % 256)).collect()
}

/// The wish, changed: null takes a field away.
fn with_changes(changes: &Value) -> Value {
    let mut body = wanted();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => body.as_object_mut().unwrap().remove(name),
            value => body.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    body
}

#[tokio::test]
async fn each_bad_field_is_named() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let before = server.count_events().await;
    let provider = |provider: &str| json!({ "source": { "provider": provider } });
    for (changes, bad) in [
        (json!({ "description": null }), &["description"][..]),
        (json!({ "description": "a\u{7}" }), &["description"]),
        (json!({ "source": null }), &["source"]),
        (json!({ "source": [] }), &["source"]),
        (json!({ "source": {} }), &["source.staticOptions"]),
        (json!({ "source": { "staticOptions": {} } }), &["source.staticOptions.ipAddresses"]),
        (json!({ "source": { "staticOptions": { "ipAddresses": [] } } }), &["source"]),
        (
            json!({ "source": { "staticOptions": { "ipAddresses": ["10.0.0.1/8"] } } }),
            &["source.staticOptions.ipAddresses[0]"],
        ),
        (provider("disabled"), &["source.provider"]),
        (provider("aws"), &["source.provider"]),
        (
            json!({ "source": { "provider": "github", "githubOptions": { "services": ["actions"] } } }),
            &["source.provider"],
        ),
        (json!({ "validSources": ["127.0.0.1"] }), &["validSources"]),
        (json!({ "source": null, "validSources": [] }), &["validSources"]),
        (json!({ "source": null, "validSources": ["localhost"] }), &["validSources[0]"]),
        (json!({ "source": null, "validSources": ["127.0.0.1", "127.0.0.1/32"] }), &["validSources"]),
        (json!({ "source": null, "validSources": many_addresses() }), &["validSources"]),
        (json!({ "disableSourceRestriction": true }), &["disableSourceRestriction"]),
        (
            json!({ "source": null, "validSources": ["0.0.0.0/0"], "disableSourceRestriction": true }),
            &["disableSourceRestriction"],
        ),
        (json!({ "disableExpiration": true }), &["disableExpiration"]),
        (json!({ "expirationDays": -1 }), &["expirationDays"]),
        (json!({ "expirationDays": 0 }), &["expirationDays"]),
        (json!({ "expirationDays": 1826 }), &["expirationDays"]),
        (json!({ "expirationDays": i32::MAX }), &["expirationDays"]),
        (json!({ "sessionConstraints": { "function": [] } }), &["sessionConstraints.function"]),
        (json!({ "sessionConstraints": { "customerID": [] } }), &["sessionConstraints.customer"]),
        (json!({ "sessionConstraints": { "function": ["no-such-function"] } }), &["sessionConstraints.function"]),
        (json!({ "sessionConstraints": { "customerID": [999_999] } }), &["sessionConstraints.customer"]),
        (json!({ "sessionConstraints": { "readOnly": "yes" } }), &["sessionConstraints.readOnly"]),
        (json!({ "authorization": "x" }), &["authorization"]),
        (json!({ "password": "not the password" }), &["password"]),
        (json!({ "user": "bob" }), &["user"]),
        (json!({ "description": 1, "source": 2, "expirationDays": "3" }), &["description", "expirationDays", "source"]),
    ] {
        let mut named = fields(&by(&alice, "POST", KEYS, &with_changes(&changes)).await);
        named.sort_unstable();
        assert_eq!(named, bad, "{changes}");
    }
    let refused_password = 1;
    assert_eq!(server.count_events().await, before + refused_password);
}

#[tokio::test]
async fn only_the_user_in_person_handles_their_keys() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    let narrow = |change: fn(&mut argus::directory::api_keys::ApiKeyInput)| {
        let mut input = directory::key_from(&["127.0.0.1"]);
        change(&mut input);
        input
    };
    let inputs = [
        narrow(|input| input.read_only = true),
        narrow(|input| input.functions.push("analyst".to_owned())),
        narrow(|input| input.customers.push("acme".to_owned())),
    ];
    let constrained =
        by(&alice, "POST", "/authentication/v1/session/constrain", &json!({ "function": ["analyst"] })).await;
    let constrained = data(&constrained)["credentials"]["requestCredentialsData"].as_str().unwrap().to_owned();
    let before = server.count_events().await;
    for (method, path, body) in [
        ("GET", KEYS.to_owned(), Value::Null),
        ("POST", KEYS.to_owned(), wanted()),
        ("PUT", format!("{KEYS}/1ab/2c"), json!({})),
        ("DELETE", format!("{KEYS}/1ab/2c"), Value::Null),
    ] {
        let call = format!("{method} {path}");
        assert_eq!(server.call(super::request(method, &path, &body)).await.status, 401, "nobody: {call}");
        for (token, what) in [(&tokens.access, "a client"), (&constrained, "a narrowed session")] {
            assert_eq!(by_token(&server, token, method, &path, &body).await.status, 403, "{what}: {call}");
        }
    }
    assert_eq!(server.count_events().await, before);
    for input in &inputs {
        let key = directory::issue_narrow_key(&server.idp, alice.id, input).await;
        assert_eq!(by_key(&server, &key, "GET", "/authentication/v1/session", &Value::Null).await.status, 200);
        for (method, body) in [("GET", Value::Null), ("POST", wanted())] {
            assert_eq!(by_key(&server, &key, method, KEYS, &body).await.status, 403, "{input:?}");
        }
    }
}

#[tokio::test]
async fn by_a_key_no_key_is_issued_that_reaches_further() {
    let server = TestServer::start().await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.0/8"]).await;
    for sources in [json!(["0.0.0.0/0"]), json!(["127.0.0.1", "192.0.2.1"]), json!(["::/0"])] {
        let body = with_changes(&json!({ "source": null, "validSources": sources }));
        assert_eq!(by_key(&server, &key, "POST", KEYS, &body).await.status, 403, "{sources}");
    }
    let body = with_changes(&json!({ "source": null, "validSources": ["127.0.0.9"] }));
    assert_eq!(by_key(&server, &key, "POST", KEYS, &body).await.status, 201);
}

#[tokio::test]
async fn the_keys_of_others_and_keys_that_are_over_are_not_found() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.alice(), server.bob());
    alice.sign_in().await;
    let others = directory::issue_key(&server.idp, bob.id, &["127.0.0.1"]).await;
    let revoked =
        data(&by(&alice, "POST", KEYS, &wanted()).await)["keyDescriptor"]["prefix"].as_str().unwrap().to_owned();
    assert_eq!(by(&alice, "DELETE", &format!("{KEYS}/{revoked}"), &Value::Null).await.status, 200);
    let short = with_changes(&json!({ "expirationDays": 1 }));
    let expired = data(&by(&alice, "POST", KEYS, &short).await)["keyDescriptor"]["prefix"].as_str().unwrap().to_owned();
    server.wait(DAY);
    alice.sign_in().await;
    let other = others.rsplit_once('/').unwrap().0;
    let before = server.count_events().await;
    let mut first = None;
    for prefix in [other, &revoked, &expired, "zzz/zz", "1/2", "1ab2/c", "%ff/2c"] {
        for (method, body) in [("PUT", json!({})), ("DELETE", Value::Null)] {
            let mut answer = by(&alice, method, &format!("{KEYS}/{prefix}"), &body).await;
            answer.headers.remove("x-request-id");
            assert_eq!((answer.status, first.get_or_insert(answer.clone())), (404, &mut answer.clone()), "{prefix}");
        }
    }
    assert_eq!(server.count_events().await, before);
    assert_eq!(data(&by(&alice, "GET", KEYS, &Value::Null).await)["keys"], json!([]));
}

#[tokio::test]
async fn a_key_that_stands_in_the_address_is_none() {
    let server = TestServer::start().await;
    let key = directory::issue_key(&server.idp, server.directory.alice, &["127.0.0.1"]).await;
    let secret = key.rsplit_once('/').unwrap().1;
    let before = server.count_events().await;
    for name in ["Argus-API-Key", "argus-api-key", "apiKey", "api_key", "apikey", "access_token", "token"] {
        let answer = server.get(&format!("/authentication/v1/session?{name}={}", *key)).await;
        assert_eq!((answer.status, answer.text().contains(secret)), (401, false), "{name}");
    }
    // An address names a key by its prefix.
    for (method, body) in [("GET", Value::Null), ("PUT", json!({})), ("DELETE", Value::Null)] {
        let answer = by_key(&server, &key, method, &format!("{KEYS}/{}", *key), &body).await;
        assert_eq!((answer.status, answer.text().contains(secret)), (404, false), "{method}");
    }
    assert_eq!(server.count_events().await, before);
    assert_eq!(by_key(&server, &key, "GET", KEYS, &Value::Null).await.status, 200);
}

#[tokio::test]
async fn a_key_is_shown_once_and_works_from_its_sources_only() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let issued = by(&alice, "POST", KEYS, &with_changes(&json!({ "password": alice.password }))).await;
    assert_eq!(issued.status, 201);
    let key = data(&issued)["apiKeyString"].as_str().unwrap().to_owned();
    let descriptor = data(&issued)["keyDescriptor"].clone();
    let (prefix, secret) = key.rsplit_once('/').unwrap();
    let now = server.idp.now().millis();
    assert_eq!(descriptor["prefix"], prefix);
    assert_eq!(descriptor["description"], "Nightly report");
    assert_eq!(
        descriptor["source"],
        json!({ "provider": "staticIP", "staticOptions": { "ipAddresses": ["127.0.0.1/32", "192.0.2.0/24"] } })
    );
    assert_eq!(descriptor["validSources"][1]["address"], "192.0.2.0");
    assert_eq!(descriptor["validSources"][1]["maskBits"], 24);
    assert_eq!(descriptor["constraints"], json!({ "readOnly": false }));
    assert_eq!(descriptor["createdByUser"]["shortName"], "alice");
    assert_eq!(descriptor["createdTimestamp"], now);
    assert_eq!(descriptor["validUntil"], now + 90 * DAY * 1000);
    assert_eq!((&descriptor["lastUsedTimestamp"], &descriptor["lastUsedIP"]), (&Value::Null, &Value::Null));
    let listed = by(&alice, "GET", KEYS, &Value::Null).await;
    assert_eq!(data(&listed)["keys"], json!([descriptor]));
    assert!(!listed.text().contains(secret));

    let asking =
        || with("argus-api-key", &key, Request::get("/authentication/v1/session").body(Body::empty()).unwrap());
    for (address, status) in [
        ("127.0.0.2", 401),
        ("192.0.3.1", 401),
        ("::1", 401),
        ("192.0.2.255", 200),
        ("127.0.0.1", 200),
        ("::ffff:192.0.2.1", 200),
    ] {
        assert_eq!(server.call(from(address, asking())).await.status, status, "{address}");
    }
    assert_eq!(server.call(from("192.0.3.1", with("x-forwarded-for", "192.0.2.1", asking()))).await.status, 401);
}

#[tokio::test]
async fn everywhere_is_what_is_written_in_so_many_words() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let everywhere = json!({ "source": null, "validSources": ["0.0.0.0/0", "::/0"], "disableSourceRestriction": true });
    let key =
        data(&by(&alice, "POST", KEYS, &with_changes(&everywhere)).await)["apiKeyString"].as_str().unwrap().to_owned();
    let asking = with("argus-api-key", &key, Request::get("/authentication/v1/session").body(Body::empty()).unwrap());
    assert_eq!(server.call(from("2001:db8::1", asking)).await.status, 200);
}

#[tokio::test]
async fn a_key_is_renewed_with_the_same_secret() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let issued = data(&by(&alice, "POST", KEYS, &with_changes(&json!({ "expirationDays": 2 }))).await);
    let key = issued["apiKeyString"].as_str().unwrap();
    let path = format!("{KEYS}/{}", issued["keyDescriptor"]["prefix"].as_str().unwrap());
    for body in [
        json!({ "expirationDays": 0 }),
        json!({ "disableExpiration": true }),
        json!({ "password": "x" }),
        json!({ "description": "x" }),
    ] {
        assert_eq!(by(&alice, "PUT", &path, &body).await.status, 412, "{body}");
    }
    server.wait(DAY);
    let renewed = by_key(&server, key, "PUT", &path, &json!({ "expirationDays": 3, "disableExpiration": false })).await;
    let until = data(&renewed)["renewedKey"]["validUntil"].as_i64().unwrap();
    assert_eq!(until, server.idp.now().millis() + 3 * DAY * 1000);
    assert!(!renewed.text().contains(key));
    server.wait(3 * DAY - 1);
    assert_eq!(by_key(&server, key, "GET", KEYS, &Value::Null).await.status, 200);
    server.wait(1);
    assert_eq!(by_key(&server, key, "GET", KEYS, &Value::Null).await.status, 401);
    assert_eq!(server.events().await.iter().filter(|event| event["type"] == "user.api_key_renewed").count(), 1);
}

#[tokio::test]
async fn a_revoked_key_does_not_work_at_the_next_request() {
    let server = TestServer::start().await;
    let alice = server.alice();
    alice.sign_in().await;
    let kept = data(&by(&alice, "POST", KEYS, &wanted()).await)["keyDescriptor"].clone();
    let key = data(&by(&alice, "POST", KEYS, &wanted()).await)["apiKeyString"].as_str().unwrap().to_owned();
    let path = format!("{KEYS}/{}", key.rsplit_once('/').unwrap().0);
    assert_eq!(by_key(&server, &key, "GET", KEYS, &Value::Null).await.status, 200);
    assert_eq!(data(&by(&alice, "DELETE", &path, &Value::Null).await)["keys"], json!([kept]));
    assert_eq!(by_key(&server, &key, "GET", KEYS, &Value::Null).await.status, 401);
}
