//! Permissions are granted and revoked by those alone who hold them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::{
    people::support::{admin, bad_fields, caller, data},
    support::{
        directory::{customer_below, desk, grant},
        server::TestServer,
    },
};
use serde_json::{Value, json};

const PERMISSIONS: &str = "/useradmin/v2/permission";
const MANAGER: &[&str] = &["viewPermissions", "managePermissions", "viewUsers", "viewGroups"];

fn wanted(subject: &str, function: &str, customer: &str) -> Value {
    json!({"subject": subject, "function": function, "customer": customer})
}

#[tokio::test]
async fn nobody_gives_or_takes_what_they_do_not_hold() {
    let server = TestServer::start().await;
    let viewer = caller(&server, "vera", "acme", &["viewPermissions", "viewUsers", "analyst"]).await;
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    let grant_one = wanted("audrey", "analyst", "acme");
    assert_eq!(viewer.post(PERMISSIONS, &grant_one).await.status, 403, "who only views");
    assert_eq!(manager.post(PERMISSIONS, &grant_one).await.status, 403, "who does not hold it");
    let held = data(&manager.get(&format!("{PERMISSIONS}?subject=alice&function=analyst")).await);
    let alices = format!("{PERMISSIONS}/{}", held[0]["id"]);
    assert_eq!(viewer.delete(&alices).await.status, 403);
    assert_eq!(manager.delete(&alices).await.status, 403);
    let other = caller(&server, "otto", "globex", &["administrator"]).await;
    let (hidden, missing) = (other.delete(&alices).await, other.delete(&format!("{PERMISSIONS}/999999")).await);
    assert_eq!((hidden.status, &hidden.body), (404, &missing.body), "another customer's is like none");
    grant(&server.idp, &server.directory, manager.user, "customerUser", Some("acme")).await;
    assert_eq!(manager.post(PERMISSIONS, &grant_one).await.status, 403, "all that it implies is not the role");
    grant(&server.idp, &server.directory, manager.user, "analyst", Some("acme")).await;
    let given = manager.post(PERMISSIONS, &grant_one).await;
    assert_eq!(given.status, 201, "{}", given.text());
    assert_eq!(manager.post(PERMISSIONS, &wanted("audrey", "analyst", "main")).await.status, 412, "not above");
    assert_eq!(manager.delete(&alices).await.status, 200);
}

#[tokio::test]
async fn every_reference_that_names_nothing_is_told() {
    let server = TestServer::start().await;
    let (manager, admin) = (caller(&server, "mary", "acme", MANAGER).await, admin(&server));
    assert_eq!(bad_fields(&admin.post(PERMISSIONS, &json!({"x": 1})).await), ["subject", "function", "customer", "x"]);
    let nothing = wanted("nobody", "nothing", "nowhere");
    assert_eq!(bad_fields(&admin.post(PERMISSIONS, &nothing).await), ["subject", "function", "customer"]);
    // Bob and globex are out of sight.
    let hidden = manager.post(PERMISSIONS, &wanted("bob", "analyst", "globex")).await;
    assert_eq!(bad_fields(&hidden), ["subject", "customer"]);
    let bulk = json!({"permissions": [wanted("audrey", "analyst", "acme"), wanted("nobody", "analyst", "nowhere")]});
    let answer = admin.post("/useradmin/v2/permission/bulk", &bulk).await;
    assert_eq!(bad_fields(&answer), ["permissions[1].subject", "permissions[1].customer"]);
    assert_eq!(admin.get(&format!("{PERMISSIONS}?subject=audrey&function=analyst")).await.json()["count"], 0);
    let many = json!({"permissions": vec![wanted("audrey", "analyst", "acme"); 51]});
    for refused in [json!({}), json!({"permissions": []}), many] {
        assert_eq!(bad_fields(&admin.post("/useradmin/v2/permission/bulk", &refused).await), ["permissions"]);
    }
    let bad = admin.delete(&format!("{PERMISSIONS}?permission=x&comment=why")).await;
    assert_eq!(bad_fields(&bad), ["permission[0]"]);
    assert_eq!(bad_fields(&admin.delete(PERMISSIONS).await), ["permission"]);
}

#[tokio::test]
async fn a_permission_says_who_granted_it_and_why_and_ends_at_the_next_use() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let auditor = caller(&server, "ally", "acme", &[]).await;
    assert_eq!(auditor.get("/audit/v1/entries").await.status, 403);
    let mut body = wanted("ally", "auditor", "acme");
    body["comment"] = json!("for the audit of the year");
    let granted = admin.post(PERMISSIONS, &body).await;
    assert_eq!(granted.status, 201, "{}", granted.text());
    let permission = data(&granted);
    assert_eq!((&permission["subject"]["shortName"], &permission["subject"]["type"]), (&json!("ally"), &json!("user")));
    assert_eq!(
        (&permission["function"]["name"], &permission["functionInfo"]["flags"]),
        (&json!("auditor"), &json!(["role"]))
    );
    assert_eq!((&permission["customer"]["shortName"], &permission["flags"]), (&json!("acme"), &json!([])));
    assert_eq!(permission["grantedByUser"]["shortName"], json!("admin"));
    assert_eq!(permission["grantComment"], json!("for the audit of the year"));
    let again = admin.post(PERMISSIONS, &body).await;
    assert_eq!((again.status, &data(&again)["id"]), (220, &permission["id"]));
    assert_eq!(auditor.get("/audit/v1/entries").await.status, 200);
    let path = format!("{PERMISSIONS}/{}?comment=it%20is%20over", permission["id"]);
    let revoked = admin.delete(&path).await;
    assert_eq!(revoked.status, 200, "{}", revoked.text());
    let revoked = data(&revoked);
    assert_eq!((&revoked["id"], &revoked["flags"]), (&permission["id"], &json!(["deleted"])));
    assert_eq!(
        (&revoked["revokedByUser"]["shortName"], &revoked["revokeComment"]),
        (&json!("admin"), &json!("it is over"))
    );
    assert!(revoked["revokedTimestamp"].as_i64().unwrap() >= revoked["grantedTimestamp"].as_i64().unwrap());
    assert_eq!(auditor.get("/audit/v1/entries").await.status, 403, "narrowed at the next use");
    assert_eq!(admin.delete(&path).await.status, 404);
    let anew = data(&admin.post(PERMISSIONS, &body).await);
    assert_ne!(anew["id"], permission["id"], "a number is never given twice");
}

#[tokio::test]
async fn several_are_granted_and_revoked_together_or_not_at_all() {
    let server = TestServer::start().await;
    let (manager, admin) = (caller(&server, "mary", "acme", MANAGER).await, admin(&server));
    grant(&server.idp, &server.directory, manager.user, "customerUser", Some("acme")).await;
    let bulk = |function: &str| json!({"permissions": [wanted("audrey", "customerUser", "acme"), wanted("acme-analysts", function, "acme")]});
    assert_eq!(manager.post("/useradmin/v2/permission/bulk", &bulk("auditor")).await.status, 403);
    assert_eq!(
        admin.get(&format!("{PERMISSIONS}?subject=acme-analysts&includeSubjectDescendants=false")).await.json()["count"],
        0
    );
    let granted = manager.post("/useradmin/v2/permission/bulk", &bulk("customerUser")).await;
    assert_eq!((granted.status, granted.json()["size"].as_i64()), (200, Some(2)), "{}", granted.text());
    let [first, second] = [0, 1].map(|at| data(&granted)[at]["id"].as_i64().unwrap());
    let gone = manager.delete(&format!("{PERMISSIONS}?permission={first}&permission=999999")).await;
    assert_eq!(gone.status, 404);
    let both = format!("{PERMISSIONS}?permission={first}&permission={second}&permission={first}&comment=done");
    let revoked = manager.delete(&both).await;
    assert_eq!((revoked.status, revoked.json()["size"].as_i64()), (200, Some(2)), "{}", revoked.text());
    assert_eq!(data(&revoked)[1]["subject"]["type"], json!("group"));
}

#[tokio::test]
async fn what_somebody_holds_is_told_to_who_views_both() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let (users, permissions) = (
        caller(&server, "ursula", "acme", &["viewUsers", "viewGroups"]).await,
        caller(&server, "peter", "acme", &["viewPermissions"]).await,
    );
    for one in [&users, &permissions] {
        assert_eq!(one.get("/useradmin/v2/user/alice/permissions").await.status, 403);
    }
    let both = caller(&server, "mary", "acme", MANAGER).await;
    let (hidden, missing) =
        (both.get("/useradmin/v2/user/bob/permissions").await, both.get("/useradmin/v2/user/nobody/permissions").await);
    assert_eq!((hidden.status, &hidden.body), (404, &missing.body));
    assert_eq!(admin.post(PERMISSIONS, &wanted("acme-analysts", "auditor", "acme")).await.status, 201);
    assert_eq!(admin.post(PERMISSIONS, &wanted("alice", "auditor", "globex")).await.status, 201);
    let held = async |path: &str| {
        let answer = both.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let rows = data(&answer);
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["function"]["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(held("/useradmin/v2/user/alice/permissions").await, ["analyst", "auditor"], "not those for globex");
    assert_eq!(
        held("/useradmin/v2/user/alice/permissions?includeInherited=False&includeDeleted=False").await,
        ["analyst"]
    );
    assert_eq!(held("/useradmin/v2/group/acme-analysts/permissions").await, ["auditor"], "not those of its members");
    let page = both.get("/useradmin/v2/user/alice/permissions?limit=1").await.json();
    assert_eq!((page["count"].as_i64(), page["size"].as_i64()), (Some(2), Some(1)));
}

#[tokio::test]
async fn what_was_granted_for_a_disabled_customer_is_taken_back_from_above() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let mut desk = desk(&server.idp).await;
    customer_below(&mut desk, server.directory.domain, "acme", "annex").await;
    desk.commit().await.unwrap();
    let granted = data(&admin.post(PERMISSIONS, &wanted("bob", "analyst", "annex")).await);
    let disable = "/customeradmin/v2/customer/annex/disable";
    assert_eq!(admin.put(disable, &json!({})).await.status, 200);
    assert_eq!(admin.post(PERMISSIONS, &wanted("audrey", "analyst", "annex")).await.status, 412);
    let revoked = admin.delete(&format!("{PERMISSIONS}/{}", granted["id"])).await;
    assert_eq!(revoked.status, 200, "{}", revoked.text());
}
