//! Users and groups are made, changed, moved, deleted and begin again.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{MANAGER, admin, bad_fields, caller, data, names};
use crate::support::{
    directory::{ALICE_PASSWORD, grant},
    server::TestServer,
};
use serde_json::json;

#[tokio::test]
async fn every_bad_field_is_told() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let body = json!({
        "shortName": "a b", "name": "", "email": "nowhere", "phone": {"countryCode": "x", "nationalNumber": "1"},
        "description": "a\u{0007}", "daemonAccount": "no", "language": "norwegian", "externallyManaged": true,
        "notificationUser": true, "enableAuthenticationMethods": ["sms"], "unknown": 1,
    });
    let mut bad = bad_fields(&admin.post("/useradmin/v2/user", &body).await);
    bad.sort_unstable();
    let mut told = [
        "shortName",
        "name",
        "email",
        "phone",
        "description",
        "daemonAccount",
        "language",
        "externallyManaged",
        "notificationUser",
        "enableAuthenticationMethods",
        "unknown",
        "customer",
    ];
    told.sort_unstable();
    assert_eq!(bad, told);
    let new = |name: &str, customer: &str| json!({"shortName": name, "name": "X", "customer": customer});
    assert_eq!(bad_fields(&admin.post("/useradmin/v2/user", &new("alice", "acme")).await), ["shortName"]);
    assert_eq!(bad_fields(&admin.post("/useradmin/v2/user", &new("new", "nowhere")).await), ["customer"]);
    assert_eq!(bad_fields(&admin.post("/useradmin/v2/group", &new("acme-analysts", "acme")).await), ["shortName"]);
    let both = json!({"phone": {"countryCode": "47", "nationalNumber": "22000000"}, "phoneNumber": "+4722000000"});
    assert_eq!(bad_fields(&admin.put("/useradmin/v2/user/alice", &both).await), ["phoneNumber"]);
    assert_eq!(bad_fields(&admin.put("/useradmin/v2/user/alice", &json!({"shortName": "bob"})).await), ["shortName"]);
    assert_eq!(bad_fields(&admin.put("/useradmin/v2/user/alice/move", &json!({})).await), ["customer"]);
}

#[tokio::test]
async fn nobody_manages_somebody_who_may_do_more() {
    let server = TestServer::start().await;
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    assert_eq!(manager.put("/useradmin/v2/user/alice", &json!({"name": "Mallory"})).await.status, 403);
    assert_eq!(manager.delete("/useradmin/v2/user/audrey").await.status, 403);
    let new = json!({"customer": "globex", "shortName": "new", "name": "New"});
    assert_eq!(manager.post("/useradmin/v2/user", &new).await.status, 403);
    let here = json!({"customer": "acme", "shortName": "new", "name": "New"});
    assert_eq!(manager.post("/useradmin/v2/user", &here).await.status, 201);
    assert_eq!(manager.put("/useradmin/v2/user/new/move", &json!({"customer": "globex"})).await.status, 403);
    assert_eq!(manager.put("/useradmin/v2/user/new/move", &json!({"customer": "nowhere"})).await.status, 403);
    grant(&server.idp, &server.directory, manager.user, "analyst", Some("acme")).await;
    assert_eq!(manager.put("/useradmin/v2/user/alice", &json!({"name": "Alice Pleasance"})).await.status, 200);
}

#[tokio::test]
async fn a_user_is_made_without_a_password_and_changed_field_by_field() {
    let server = TestServer::start().await;
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    let new = json!({
        "customer": "acme", "shortName": "New.User", "name": "New User", "email": "new@mail.example",
        "phone": {"countryCode": "+47", "nationalNumber": "22 00 00 09"}, "description": "Just arrived",
        "daemonAccount": true, "language": "english", "externallyManaged": false, "notificationUser": false,
        "skipDefaultAuthenticationMethods": false,
    });
    let made = manager.post("/useradmin/v2/user", &new).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let user = data(&made);
    assert_eq!((&user["shortName"], &user["type"]), (&json!("new.user"), &json!("user")));
    assert_eq!(user["flags"], json!(["passwordNotSet", "daemonAccount"]));
    assert_eq!((&user["phoneNumber"], &user["description"]), (&json!("+4722000009"), &json!("Just arrived")));
    assert_eq!(user["createdByUser"]["shortName"], json!("mary"));
    assert_eq!((&user["deletedTimestamp"], &user["deletedByUser"]), (&json!(null), &json!(null)));
    let path = format!("/useradmin/v2/user/{}", user["id"]);
    assert_eq!(manager.put(&path, &json!({"name": "New User", "daemonAccount": true})).await.status, 220);
    let changed = manager.put(&path, &json!({"email": "", "description": "Has left", "daemonAccount": false})).await;
    assert_eq!(changed.status, 200);
    let user = data(&changed);
    assert_eq!((user.get("email"), &user["phoneNumber"]), (None, &json!("+4722000009")));
    assert_eq!((&user["flags"], &user["name"]), (&json!(["passwordNotSet"]), &json!("New User")));
    assert_eq!(user["lastUpdatedByUser"]["shortName"], json!("mary"));
    let sealed: Vec<String> = sqlx::query_scalar("SELECT payload::text FROM events WHERE aggregate_type = 'user'")
        .fetch_all(&mut server.at.owner().await)
        .await
        .unwrap();
    for personal in ["new.user", "New User", "new@mail", "22000009", "Just arrived", "Has left"] {
        assert!(!sealed.iter().any(|event| event.contains(personal)), "{personal} stands in an event");
    }
}

#[tokio::test]
async fn a_user_moves_where_the_mover_manages_both() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let moved = admin.put("/useradmin/v2/user/bob/move", &json!({"customer": "acme"})).await;
    assert_eq!((moved.status, &data(&moved)["customer"]["shortName"]), (200, &json!("acme")));
    assert_eq!(admin.put("/useradmin/v2/user/bob/move", &json!({"customer": "acme"})).await.status, 220);
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    assert_eq!(manager.get("/useradmin/v2/user/bob").await.status, 200);
    let moved = admin.put("/useradmin/v2/group/globex-friends/move", &json!({"customer": "acme"})).await;
    assert_eq!((moved.status, &data(&moved)["customer"]["shortName"]), (200, &json!("acme")));
}

#[tokio::test]
async fn who_was_deleted_begins_again_with_nothing_that_ended() {
    let server = TestServer::start().await;
    let (admin, alice) = (admin(&server), server.alice());
    alice.sign_in().await;
    let session = alice.session_token();
    let deleted = admin.delete("/useradmin/v2/user/alice").await;
    assert_eq!(deleted.status, 200);
    let user = data(&deleted);
    assert_eq!(
        (&user["flags"], &user["deletedByUser"]["shortName"]),
        (&json!(["deleted", "passwordNotSet"]), &json!("admin"))
    );
    assert_eq!(admin.get("/useradmin/v2/user/alice").await.status, 404);
    assert_eq!(admin.delete(&format!("/useradmin/v2/user/{}", user["id"])).await.status, 404);
    assert_eq!(data(&admin.get(&format!("/useradmin/v2/user/{}", user["id"])).await)["flags"], user["flags"]);
    let search = async |body: serde_json::Value| admin.post("/useradmin/v2/user/search", &body).await;
    assert_eq!(names(&search(json!({"subject": ["alice"]})).await).1, 0);
    assert_eq!(names(&search(json!({"includeFlags": ["deleted"]})).await).0, ["alice"]);
    assert_eq!(names(&search(json!({"includeDeleted": true, "subject": ["alice"]})).await).1, 1);
    let again = admin.put("/useradmin/v2/user/alice/reenable", &json!({})).await;
    assert_eq!((again.status, &data(&again)["flags"]), (200, &json!(["passwordNotSet"])));
    assert_eq!(admin.put("/useradmin/v2/user/alice/reenable", &json!({})).await.status, 220);
    let bearer = format!("Bearer {session}");
    let request = axum::http::Request::get("/authentication/v1/session").body(axum::body::Body::empty()).unwrap();
    assert_eq!(server.call(crate::support::server::with("authorization", &bearer, request)).await.status, 401);
    let sign_in = json!({"userName": "alice", "password": ALICE_PASSWORD});
    let request = crate::support::server::json("POST", "/authentication/v1/password/authentication", &sign_in);
    assert_eq!(server.call(request).await.status, 401);
    admin.delete("/useradmin/v2/user/alice").await;
    let other = json!({"customer": "acme", "shortName": "alice", "name": "Another"});
    assert_eq!(admin.post("/useradmin/v2/user", &other).await.status, 201);
    let path = format!("/useradmin/v2/user/{}/reenable", user["id"]);
    assert_eq!(bad_fields(&admin.put(&path, &json!({})).await), ["shortName"]);
}

#[tokio::test]
async fn a_group_is_renamed_described_deleted_and_begins_again() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let group = data(&admin.get("/useradmin/v2/group/acme-analysts").await);
    let path = format!("/useradmin/v2/group/{}", group["id"]);
    assert_eq!(admin.put(&path, &json!({"name": group["name"], "externallyManaged": false})).await.status, 220);
    let changed = admin.put(&path, &json!({"shortName": "readers", "description": "They read"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(
        (&data(&changed)["shortName"], &data(&changed)["description"]),
        (&json!("readers"), &json!("They read"))
    );
    assert_eq!(data(&admin.delete("/useradmin/v2/group/readers").await)["flags"], json!(["deleted"]));
    assert_eq!(admin.get("/useradmin/v2/group/readers").await.status, 404);
    assert_eq!(admin.put("/useradmin/v2/group/readers/reenable", &json!({})).await.status, 200);
    let members = names(&admin.get("/useradmin/v2/group/readers/members").await);
    assert_eq!(members.0, ["alice"]);
}
