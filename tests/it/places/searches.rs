//! Searches find what meets all of their conditions, within what the caller sees, page by page.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::{
    people::support::{admin, bad_fields, caller, data, names},
    support::{
        directory::{customer_below, desk, grant},
        server::{Answer, TestServer},
    },
};
use serde_json::{Value, json};

/// What stands under a name in each row, and the count of all.
#[track_caller]
fn found(answer: &Answer, of: impl Fn(&Value) -> &Value) -> (Vec<String>, i64) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let rows = body["data"].as_array().unwrap();
    (rows.iter().map(|row| of(row).as_str().unwrap().to_owned()).collect(), body["count"].as_i64().unwrap())
}

#[tokio::test]
async fn functions_are_found_by_name_flag_and_place_in_the_graph() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let search =
        async |body: Value| found(&admin.post("/useradmin/v2/function/search", &body).await, |row| &row["name"]);
    assert_eq!(
        search(json!({"includeFlags": ["role"], "sortBy": ["-name"]})).await.0,
        ["customerUser", "auditor", "analyst", "administrator"]
    );
    assert_eq!(search(json!({"ancestors": ["auditor"]})).await.0, ["viewAuditTrail"]);
    assert_eq!(
        search(json!({"descendants": ["viewAuditTrail"], "sortBy": ["name"]})).await.0,
        ["administrator", "auditor"]
    );
    assert_eq!(search(json!({"function": ["ANALYST", "nothing"]})).await.0, ["analyst"]);
    let words =
        json!({"keywords": ["view", "client"], "keywordFieldStrategy": ["name"], "keywordMatchStrategy": "all"});
    assert_eq!(search(words).await.0, ["viewOAuthClients", "viewOAuthClientsDetails"]);
    let (page, count) = search(json!({"limit": 2, "offset": 1, "sortBy": ["id"]})).await;
    assert_eq!((page.len(), count > 20), (2, true));
    assert_eq!(page[0], "viewOAuthClientsDetails");
    let sub = json!({"includeFlags": ["role"], "subCriteria": [{"function": ["auditor"], "exclude": true}], "sortBy": ["name"]});
    assert_eq!(search(sub).await.0, ["administrator", "analyst", "customerUser"]);
    let bad =
        json!({"includeFlags": ["sysadm"], "minimumSecurityLevel": "standard", "sortBy": ["age"], "limit": -1, "x": 1});
    let mut bad = bad_fields(&admin.post("/useradmin/v2/function/search", &bad).await);
    bad.sort_unstable();
    assert_eq!(bad, ["includeFlags", "limit", "minimumSecurityLevel", "sortBy", "x"]);
    let listed = admin
        .get("/useradmin/v2/function?includeFlag=role&keyword=analyst&keywordMatch=all&includeDeleted=False")
        .await;
    assert_eq!(found(&listed, |row| &row["name"]), (vec!["analyst".to_owned()], 1));
}

#[tokio::test]
async fn everybody_sees_functions_and_which_of_them_they_hold() {
    let server = TestServer::start().await;
    let nobody = caller(&server, "nora", "acme", &[]).await;
    let holder = caller(&server, "hans", "acme", &["analyst"]).await;
    assert_eq!(nobody.get("/useradmin/v2/function").await.status, 403);
    let one = nobody.get("/users/v2/function/auditor").await;
    assert_eq!((one.status, &data(&one)["flags"], data(&one).get("createdTimestamp")), (200, &json!(["role"]), None));
    assert_eq!(nobody.get("/users/v2/function/nothing").await.status, 404);
    let held = json!({"requirePermission": true, "sortBy": ["name"]});
    let search = "/users/v2/function/search";
    assert_eq!(found(&holder.post(search, &held).await, |row| &row["name"]).0, ["analyst", "customerUser"]);
    assert_eq!(found(&nobody.post(search, &held).await, |row| &row["name"]).1, 0);
    assert_eq!(found(&nobody.get("/users/v2/function?function=auditor").await, |row| &row["name"]).1, 1);
}

#[tokio::test]
async fn permissions_are_found_with_their_relatives() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let mut desk = desk(&server.idp).await;
    customer_below(&mut desk, server.directory.domain, "acme", "annex").await;
    desk.commit().await.unwrap();
    let give = json!({"subject": "acme-analysts", "function": "auditor", "customer": "annex"});
    assert_eq!(admin.post("/useradmin/v2/permission", &give).await.status, 201);
    let search = async |body: Value| {
        found(&admin.post("/useradmin/v2/permission/search", &body).await, |row| &row["function"]["name"])
    };
    assert_eq!(search(json!({"subject": ["alice"]})).await.0, ["analyst", "auditor"], "through the group as well");
    assert_eq!(search(json!({"subject": ["alice"], "includeSubjectAscendants": false})).await.0, ["analyst"]);
    assert_eq!(search(json!({"subject": ["acme-analysts"]})).await.0, ["analyst", "auditor"], "and of its members");
    let above = json!({"customer": ["annex"], "subject": ["alice"], "includeCustomerAscendants": false});
    assert_eq!(search(above).await.0, ["auditor"]);
    let below = json!({"customer": ["acme"], "subject": ["alice"], "includeCustomerDescendants": false});
    assert_eq!(search(below).await.0, ["analyst"]);
    assert_eq!(search(json!({"function": ["customerUser"], "subject": ["alice"]})).await.0, ["analyst"]);
    let exactly = json!({"function": ["customerUser"], "subject": ["alice"], "includeFunctionAscendants": false});
    assert_eq!(search(exactly).await.1, 0);
    let words = json!({"keywords": ["annex"], "keywordFieldStrategy": ["customer"], "sortBy": ["-grantedTimestamp"]});
    assert_eq!(search(words).await.0, ["auditor"]);
    assert_eq!(search(json!({"domain": "nowhere"})).await.1, 0);
    assert_eq!(
        search(json!({"startTimestamp": "9999999999999", "timeFieldStrategy": ["grantedTimestamp"]})).await.1,
        0
    );
    assert_eq!(search(json!({"endTimestamp": 9_999_999_999_999_i64, "subject": ["alice"], "limit": 1})).await.1, 2);
    let bad = bad_fields(&admin.post("/useradmin/v2/permission/search", &json!({"startTimestamp": "soon"})).await);
    assert_eq!(bad, ["startTimestamp"]);
}

#[tokio::test]
async fn permissions_of_other_customers_are_neither_found_nor_counted() {
    let server = TestServer::start().await;
    let viewer = caller(&server, "vera", "acme", &["viewPermissions"]).await;
    grant(&server.idp, &server.directory, server.directory.bob, "analyst", Some("globex")).await;
    grant(&server.idp, &server.directory, server.directory.bob, "auditor", Some("acme")).await;
    let all = viewer.get("/useradmin/v2/permission?subject=bob&includeDeleted=False&keywordMatch=all").await;
    assert_eq!(found(&all, |row| &row["customer"]["shortName"]), (vec!["acme".to_owned()], 1));
    let (customers, count) = found(&viewer.get("/useradmin/v2/permission").await, |row| &row["customer"]["shortName"]);
    assert!(customers.iter().all(|name| name == "acme"), "{customers:?}");
    assert_eq!(customers.len() as i64, count);
    let ended = viewer.get("/useradmin/v2/permission?includeDeleted=True").await;
    assert_eq!(bad_fields(&ended), ["includeDeleted"], "what was taken back is in the audit trail");
    // Who is in a group of another customer is not told.
    let joined = json!({"subject": ["bob"]});
    assert_eq!(admin(&server).post("/useradmin/v2/group/globex-friends/members", &joined).await.status, 200);
    assert_eq!(viewer.get("/useradmin/v2/permission?subject=globex-friends").await.json()["count"], 0);
}

#[tokio::test]
async fn customers_are_found_by_place_type_and_words() {
    let server = TestServer::start().await;
    let (admin, manager) = (admin(&server), caller(&server, "mary", "acme", &["viewCustomers"]).await);
    let mut desk = desk(&server.idp).await;
    customer_below(&mut desk, server.directory.domain, "acme", "annex").await;
    customer_below(&mut desk, server.directory.domain, "annex", "attic").await;
    desk.commit().await.unwrap();
    let search = async |body: Value| names(&admin.post("/customeradmin/v2/customer/search", &body).await);
    assert_eq!(search(json!({"ancestor": ["acme"], "sortBy": ["shortName"]})).await.0, ["annex", "attic"]);
    assert_eq!(search(json!({"parent": ["acme"]})).await.0, ["annex"]);
    assert_eq!(search(json!({"type": ["group"], "sortBy": ["shortName"]})).await.0, ["acme", "annex", "main"]);
    assert_eq!(search(json!({"type": ["leaf"], "sortBy": ["-shortName"]})).await.0, ["globex", "attic"]);
    assert_eq!(search(json!({"includeFlags": ["rootCustomerGroup"]})).await.0, ["main"]);
    assert_eq!(
        search(json!({"customer": ["ATTIC", "globex"], "keywords": ["att"], "keywordFieldStrategy": ["shortName"]}))
            .await
            .0,
        ["attic"]
    );
    assert_eq!(
        search(json!({"domain": ["main"], "limit": 2, "sortBy": ["id"]})).await,
        (vec!["main".to_owned(), "acme".to_owned()], 5)
    );
    let either = json!({"subCriteria": [{"customer": ["globex"]}, {"parent": ["annex"]}], "sortBy": ["shortName"]});
    assert_eq!(search(either).await.0, ["attic", "globex"]);
    assert_eq!(names(&manager.get("/customeradmin/v2/customer?parent=main").await).1, 0, "the parent is out of sight");
    assert_eq!(
        names(&manager.get("/customeradmin/v2/customer?parent=acme&keywords=ann&sortBy=-name").await).0,
        ["annex"]
    );
    let bad = json!({"type": ["tree"], "includeFlags": ["allowGlobalData"], "properties": []});
    let mut bad = bad_fields(&admin.post("/customeradmin/v2/customer/search", &bad).await);
    bad.sort_unstable();
    assert_eq!(bad, ["includeFlags", "properties", "type"]);
}
