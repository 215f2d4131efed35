//! What is not for the caller's eyes is not there.

#![expect(clippy::indexing_slicing, reason = "tests")]

use super::support::{MANAGER, admin, caller, data, names};
use crate::support::server::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn an_administrator_of_another_customer_sees_nobody_and_learns_nothing() {
    let server = TestServer::start().await;
    let other = caller(&server, "gina", "globex", MANAGER).await;
    let nobody = other.get("/useradmin/v2/user/nobody-at-all").await;
    assert_eq!(nobody.status, 404);
    let number = data(&admin(&server).get("/useradmin/v2/user/alice").await)["id"].to_string();
    for reference in ["alice", &number, &server.directory.alice.to_string()] {
        let path = format!("/useradmin/v2/user/{reference}");
        for answer in [
            other.get(&path).await,
            other.delete(&path).await,
            other.put(&path, &json!({"name": "Mallory"})).await,
            other.put(&format!("{path}/move"), &json!({"customer": "globex"})).await,
            other.put(&format!("{path}/reenable"), &json!({})).await,
        ] {
            assert_eq!((answer.status, &answer.body), (404, &nobody.body), "{path}");
        }
    }
    let group = other.post("/useradmin/v2/group/acme-analysts/members", &json!({"subject": ["gina"]})).await;
    assert_eq!((group.status, &group.body), (404, &nobody.body));
    let (found, count) = names(&other.get("/useradmin/v2/user").await);
    assert_eq!((found, count), (vec!["bob".to_owned(), "gina".to_owned()], 2));
    for search in [json!({"subject": ["alice"]}), json!({"customer": ["acme"]}), json!({"keywords": ["alice"]})] {
        assert_eq!(names(&other.post("/useradmin/v2/user/search", &search).await), (vec![], 0), "{search}");
    }
}

#[tokio::test]
async fn who_may_only_view_changes_nothing() {
    let server = TestServer::start().await;
    let viewer = caller(&server, "vera", "acme", &["viewUsers", "viewGroups"]).await;
    assert_eq!(viewer.get("/useradmin/v2/user/alice").await.status, 200);
    let new = json!({"customer": "acme", "shortName": "new", "name": "New"});
    for answer in [
        viewer.post("/useradmin/v2/user", &new).await,
        viewer.post("/useradmin/v2/group", &new).await,
        viewer.put("/useradmin/v2/user/alice", &json!({"name": "Mallory"})).await,
        viewer.delete("/useradmin/v2/user/alice").await,
        viewer.put("/useradmin/v2/group/acme-analysts", &json!({"name": "Mallory"})).await,
        viewer.delete("/useradmin/v2/group/acme-analysts").await,
        viewer.post("/useradmin/v2/group/acme-analysts/members", &json!({"subject": ["vera"]})).await,
        viewer.delete("/useradmin/v2/group/acme-analysts/members?subject=alice").await,
        viewer.post("/useradmin/v2/subject/vera/groups", &json!({"parentGroups": ["acme-analysts"]})).await,
    ] {
        assert_eq!(answer.status, 403, "{}", answer.text());
    }
    let nobody = caller(&server, "nils", "acme", &[]).await;
    for path in ["user", "group", "subject", "membership", "user/alice", "group/acme-analysts", "subject/alice"] {
        assert_eq!(nobody.get(&format!("/useradmin/v2/{path}")).await.status, 403, "{path}");
        assert_eq!(server.get(&format!("/useradmin/v2/{path}")).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn everybody_sees_whoever_belongs_where_they_may_do_something_but_not_how_to_reach_them() {
    let server = TestServer::start().await;
    let colleague = caller(&server, "carl", "acme", &["customerUser"]).await;
    let seen = data(&colleague.get("/users/v2/user/alice").await);
    assert_eq!((&seen["name"], &seen["customer"]["shortName"]), (&json!("Alice Liddell"), &json!("acme")));
    for personal in ["email", "phone", "phoneNumber", "createdByUser", "memberOf"] {
        assert_eq!(seen.get(personal), None, "{personal}");
    }
    let by_address = json!({"keywords": ["alice@mail"], "keywordFieldStrategy": ["email"]});
    assert_eq!(names(&colleague.post("/users/v2/user/search", &by_address).await), (vec![], 0));
    for path in ["user/bob", "user/admin", "group/globex-friends", "subject/bob"] {
        assert_eq!(colleague.get(&format!("/users/v2/{path}")).await.status, 404, "{path}");
    }
    assert_eq!(names(&colleague.get("/users/v2/group").await).0, ["acme-analysts"]);
    assert_eq!(names(&colleague.get("/users/v2/subject/alice/groups").await).0, ["acme-analysts"]);
    let viewer = caller(&server, "vera", "acme", &["viewUsers"]).await;
    let seen = data(&viewer.get("/users/v2/user/alice").await);
    assert_eq!(seen["email"], json!("alice@mail.example"));
    assert_eq!(seen["phone"], json!({"countryCode": "+47", "nationalNumber": "22000001"}));
    assert_eq!(names(&viewer.post("/users/v2/user/search", &by_address).await).0, ["alice"]);
    let stranger = caller(&server, "sven", "acme", &[]).await;
    assert_eq!(names(&stranger.get("/users/v2/subject").await), (vec![], 0));
    assert_eq!(stranger.get("/users/v2/user/alice").await.status, 404);
}

#[tokio::test]
async fn groups_of_others_are_not_told_by_who_is_in_them() {
    let server = TestServer::start().await;
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    let alice = data(&manager.get("/useradmin/v2/user/alice").await);
    let groups: Vec<&Value> =
        alice["memberOf"].as_array().into_iter().flatten().map(|group| &group["shortName"]).collect();
    assert_eq!(groups, ["acme-analysts"]);
    let search = json!({"parent": ["globex-friends"]});
    assert_eq!(names(&manager.post("/useradmin/v2/user/search", &search).await), (vec![], 0));
    assert_eq!(data(&manager.get("/useradmin/v2/membership").await).as_array().map(Vec::len), Some(1));
}
