//! Who is in which group.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{MANAGER, admin, bad_fields, caller, data, names};
use crate::support::{directory, server::TestServer};
use aggregates::group::Member;
use argus::directory::{
    permissions::{self, NamedPermission},
    references,
};
use serde_json::{Value, json};

const MEMBERS: &str = "/useradmin/v2/group/acme-analysts/members";

/// Lets a group hold a function for a customer.
async fn empower(server: &TestServer, group: &str, function: &str, customer: &str) {
    let mut desk = directory::desk(&server.idp).await;
    let domain = server.directory.domain;
    let group = references::group(&mut desk, domain, group).await.unwrap().id;
    let named = NamedPermission { function: function.to_owned(), customer: Some(customer.to_owned()) };
    let permission = permissions::meant(&mut desk, domain, &named).await.unwrap();
    permissions::grant(&mut desk, domain, Member::Group(group), permission).await.unwrap();
    desk.commit().await.unwrap();
}

#[tokio::test]
async fn nobody_puts_anybody_where_there_is_more_than_they_hold() {
    let server = TestServer::start().await;
    let (admin, manager) = (admin(&server), caller(&server, "mary", "acme", MANAGER).await);
    let outer = json!({"customer": "acme", "shortName": "outer", "name": "Outer"});
    assert_eq!(admin.post("/useradmin/v2/group", &outer).await.status, 201);
    let inner = json!({"parentGroups": ["outer"]});
    assert_eq!(admin.post("/useradmin/v2/subject/acme-analysts/groups", &inner).await.status, 200);
    empower(&server, "outer", "viewAuditTrail", "acme").await;
    let me = json!({"subject": ["mary"]});
    for answer in [
        manager.post(MEMBERS, &me).await,
        manager.post("/useradmin/v2/subject/mary/groups", &json!({"parentGroups": ["acme-analysts"]})).await,
        manager.put("/useradmin/v2/group/acme-analysts", &json!({"name": "Mine"})).await,
        manager.delete("/useradmin/v2/group/acme-analysts").await,
    ] {
        assert_eq!(answer.status, 403, "what is around a group counts: {}", answer.text());
    }
    directory::grant(&server.idp, &server.directory, manager.user, "viewAuditTrail", Some("acme")).await;
    assert_eq!(manager.post(MEMBERS, &me).await.status, 200);
}

#[tokio::test]
async fn members_that_are_not_there_not_in_sight_or_ambiguous_are_told_by_their_place() {
    let server = TestServer::start().await;
    let (admin, manager) = (admin(&server), caller(&server, "mary", "acme", MANAGER).await);
    let twin = json!({"customer": "acme", "shortName": "mary", "name": "A group like a person"});
    assert_eq!(admin.post("/useradmin/v2/group", &twin).await.status, 201);
    let body = json!({"subject": ["audrey", "nobody", "bob", "mary"]});
    assert_eq!(bad_fields(&manager.post(MEMBERS, &body).await), ["subject[1]", "subject[2]", "subject[3]"]);
    assert_eq!(bad_fields(&manager.post(MEMBERS, &json!({"subject": []})).await), ["subject"]);
    assert_eq!(bad_fields(&manager.post(MEMBERS, &json!({"subject": ["acme-analysts"]})).await), ["subject"]);
    assert_eq!(bad_fields(&manager.delete(MEMBERS).await), ["subject"]);
    assert_eq!(names(&manager.get(MEMBERS).await).0, ["alice"], "nothing of all that has happened");
    assert_eq!(manager.get("/useradmin/v2/subject/mary").await.status, 412);
}

#[tokio::test]
async fn members_come_and_go_with_a_comment() {
    let server = TestServer::start().await;
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    let added = manager.post(MEMBERS, &json!({"subject": ["audrey", "mary"], "comment": "New colleagues"})).await;
    assert_eq!(names(&added).0, ["alice", "audrey", "mary"]);
    assert_eq!(manager.post(MEMBERS, &json!({"subject": ["audrey"]})).await.status, 220);
    let found = manager.post("/useradmin/v2/membership/search", &json!({"subject": ["audrey"]})).await;
    let membership = data(&found)[0].clone();
    assert_eq!(membership["addComment"], json!("New colleagues"));
    assert_eq!(membership["addedByUser"]["shortName"], json!("mary"));
    assert_eq!((&membership["group"]["type"], &membership["member"]["type"]), (&json!("group"), &json!("user")));
    let gone = manager.delete(&format!("{MEMBERS}?subject=audrey&comment=Elsewhere")).await;
    assert_eq!(names(&gone).0, ["alice", "mary"]);
    assert_eq!(manager.delete(&format!("{MEMBERS}?subject=audrey")).await.status, 220);
    manager.post(MEMBERS, &json!({"subject": ["audrey"]})).await;
    let again = manager.post("/useradmin/v2/membership/search", &json!({"subject": ["audrey"]})).await;
    assert_eq!(data(&again)[0]["id"], membership["id"], "the same two, the same id");
    let trail = server.audit().await;
    let notes: Vec<_> = trail.iter().filter_map(|entry| entry["note"].as_str()).collect();
    assert!(notes.contains(&"New colleagues") && notes.contains(&"Elsewhere"), "{notes:?}");
}

#[tokio::test]
async fn memberships_end_all_together_or_not_at_all() {
    let server = TestServer::start().await;
    let (admin, manager) = (admin(&server), caller(&server, "mary", "acme", MANAGER).await);
    let ids = |answer: &Value| -> Vec<String> {
        answer.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = ids(&data(&admin.get("/useradmin/v2/membership").await));
    assert_eq!(all.len(), 2);
    let path = |ids: &[String]| {
        let query: Vec<_> = ids.iter().map(|id| format!("membershipID={id}")).collect();
        format!("/useradmin/v2/membership?{}", query.join("&"))
    };
    assert_eq!(manager.delete(&path(&all)).await.status, 404, "one of them is not in sight");
    assert_eq!(bad_fields(&admin.delete("/useradmin/v2/membership?membershipID=x").await), ["membershipID[0]"]);
    assert_eq!(bad_fields(&admin.delete("/useradmin/v2/membership").await), ["membershipID"]);
    let viewer = caller(&server, "vera", "acme", &["viewUsers", "viewGroups"]).await;
    let own = ids(&data(&viewer.get("/useradmin/v2/membership?subject=alice").await));
    assert_eq!(viewer.delete(&path(&own)).await.status, 403);
    let ended = manager.delete(&path(&own)).await;
    assert_eq!((ended.status, &data(&ended)[0]["flags"]), (200, &json!(["deleted"])));
    assert_eq!(ids(&data(&admin.get("/useradmin/v2/membership").await)).len(), 1);
    assert_eq!(manager.delete(&path(&own)).await.status, 404);
}
