//! Customers are made, changed, moved, disabled and let in again.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::{
    people::support::{admin, bad_fields, caller, data, names},
    support::{
        directory::{customer_below, desk, grant},
        server::TestServer,
    },
};
use serde_json::{Value, json};

const CUSTOMERS: &str = "/customeradmin/v2/customer";
const MANAGER: &[&str] = &["viewCustomers", "manageCustomers"];

fn new(parent: &str, short_name: &str) -> Value {
    json!({"parent": parent, "shortName": short_name, "name": "New"})
}

fn to(parent: &str) -> Value {
    json!({"parent": parent})
}

#[tokio::test]
async fn who_manages_one_customer_changes_nothing_elsewhere() {
    let server = TestServer::start().await;
    let (viewer, manager) =
        (caller(&server, "vera", "acme", &["viewCustomers"]).await, caller(&server, "mary", "acme", MANAGER).await);
    assert_eq!(names(&viewer.get(CUSTOMERS).await).0, ["acme"]);
    assert_eq!(data(&viewer.get(&format!("{CUSTOMERS}/acme")).await)["parent"], json!(null), "above is out of sight");
    for (path, body) in [("acme", json!({"name": "Mine"})), ("acme/disable", json!({})), ("acme/move", to("acme"))] {
        assert_eq!(viewer.put(&format!("{CUSTOMERS}/{path}"), &body).await.status, 403, "{path}");
        let hidden = manager.put(&format!("{CUSTOMERS}/{}", path.replace("acme", "globex")), &body).await;
        let missing = manager.put(&format!("{CUSTOMERS}/{}", path.replace("acme", "nothing")), &body).await;
        assert_eq!((hidden.status, &hidden.body), (404, &missing.body), "{path}");
    }
    assert_eq!(viewer.post(CUSTOMERS, &new("acme", "annex")).await.status, 403);
    let (hidden, missing) = (
        manager.post(CUSTOMERS, &new("globex", "annex")).await,
        manager.post(CUSTOMERS, &new("nothing", "annex")).await,
    );
    assert_eq!((bad_fields(&hidden), &hidden.body), (vec!["parent".to_owned()], &missing.body));
    assert_eq!(manager.post(CUSTOMERS, &new("acme", "annex")).await.status, 201);
}

#[tokio::test]
async fn nobody_gets_rights_for_a_customer_by_moving_or_renaming_it() {
    let server = TestServer::start().await;
    let manager = caller(&server, "mary", "main", MANAGER).await;
    grant(&server.idp, &server.directory, manager.user, "administrator", Some("acme")).await;
    grant(&server.idp, &server.directory, server.directory.bob, "analyst", Some("globex")).await;
    let before = server.count_events().await;
    let moved = manager.put(&format!("{CUSTOMERS}/globex/move"), &to("acme")).await;
    assert_eq!(moved.status, 403, "would administer globex as well: {}", moved.text());
    let renamed = manager.put(&format!("{CUSTOMERS}/globex"), &json!({"shortName": "freed"})).await;
    assert_eq!(renamed.status, 403, "applications ask for rights by that name: {}", renamed.text());
    assert_eq!(server.count_events().await, before);
    assert_eq!(manager.put(&format!("{CUSTOMERS}/globex"), &json!({"name": "Globex Inc."})).await.status, 200);
}

#[tokio::test]
async fn a_customer_moves_when_all_three_are_managed() {
    let server = TestServer::start().await;
    let manager = caller(&server, "mary", "acme", MANAGER).await;
    for name in ["annex", "barn"] {
        assert_eq!(manager.post(CUSTOMERS, &new("acme", name)).await.status, 201);
    }
    let annex = format!("{CUSTOMERS}/annex/move");
    assert_eq!(bad_fields(&manager.put(&annex, &to("globex")).await), ["parent"], "the new parent is out of sight");
    assert_eq!(bad_fields(&manager.put(&annex, &json!({})).await), ["parent"]);
    assert_eq!(
        manager.put(&format!("{CUSTOMERS}/acme/move"), &to("annex")).await.status,
        403,
        "the old parent is not managed"
    );
    let moved = manager.put(&annex, &to("barn")).await;
    assert_eq!((moved.status, &data(&moved)["parent"]["shortName"]), (200, &json!("barn")), "{}", moved.text());
    assert_eq!(manager.put(&annex, &to("barn")).await.status, 220);
    assert_eq!(bad_fields(&manager.put(&format!("{CUSTOMERS}/barn/move"), &to("annex")).await), ["parent"], "a circle");
    let admin = admin(&server);
    assert_eq!(admin.put(&format!("{CUSTOMERS}/main/move"), &to("acme")).await.status, 412, "the root stays");
    // What was held for globex reaches down to what is moved below it.
    grant(&server.idp, &server.directory, server.directory.bob, "auditor", Some("globex")).await;
    assert_eq!(admin.put(&annex, &to("globex")).await.status, 200);
    assert_eq!(manager.get(&format!("{CUSTOMERS}/annex")).await.status, 404);
}

#[tokio::test]
async fn a_disabled_customer_is_let_in_again_from_above() {
    let server = TestServer::start().await;
    let (admin, manager) = (admin(&server), caller(&server, "mary", "acme", MANAGER).await);
    assert_eq!(admin.put(&format!("{CUSTOMERS}/main/disable"), &json!({})).await.status, 412, "the root stays");
    let disabled = admin.put(&format!("{CUSTOMERS}/acme/disable"), &json!({})).await;
    assert_eq!((disabled.status, &data(&disabled)["flags"]), (200, &json!(["disabled"])), "{}", disabled.text());
    assert_eq!(admin.put(&format!("{CUSTOMERS}/acme/disable"), &json!({})).await.status, 220);
    assert_eq!(manager.get(CUSTOMERS).await.status, 401, "its users are out");
    let search = json!({"includeFlags": ["disabled"], "includeDeleted": false});
    assert_eq!(names(&admin.post(&format!("{CUSTOMERS}/search"), &search).await).0, ["acme"]);
    assert_eq!(bad_fields(&admin.post(CUSTOMERS, &new("acme", "annex")).await), ["parent"], "it takes in nothing");
    let again = admin.put(&format!("{CUSTOMERS}/acme/reenable"), &json!({})).await;
    assert_eq!((again.status, &data(&again)["flags"]), (200, &json!([])));
    assert_eq!(admin.put(&format!("{CUSTOMERS}/acme/reenable"), &json!({})).await.status, 220);
    assert_eq!(manager.get(CUSTOMERS).await.status, 200);
}

#[tokio::test]
async fn every_bad_field_is_told() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let body = json!({
        "shortName": "a b", "name": "", "type": "tree", "language": "norwegian", "excludeFromProduction": true,
        "networkBaseCustomer": true, "singleNetworkDomain": 1, "timeZone": "Europe/Oslo",
    });
    let mut bad = bad_fields(&admin.post(CUSTOMERS, &body).await);
    bad.sort_unstable();
    let told = [
        "excludeFromProduction",
        "language",
        "name",
        "networkBaseCustomer",
        "parent",
        "shortName",
        "singleNetworkDomain",
        "timeZone",
        "type",
    ];
    assert_eq!(bad, told);
    assert_eq!(bad_fields(&admin.post(CUSTOMERS, &new("acme", "globex")).await), ["shortName"]);
    let mut elsewhere = new("acme", "annex");
    elsewhere["domain"] = json!("nowhere");
    assert_eq!(bad_fields(&admin.post(CUSTOMERS, &elsewhere).await), ["domain"]);
    let flags = json!({"allowGlobalData": true, "dataDeleted": true, "denySubmitForAnonymousUser": true});
    let mut bad = bad_fields(&admin.put(&format!("{CUSTOMERS}/acme"), &flags).await);
    bad.sort_unstable();
    assert_eq!(bad, ["allowGlobalData", "dataDeleted", "denySubmitForAnonymousUser"]);
    assert_eq!(
        bad_fields(&admin.put(&format!("{CUSTOMERS}/acme"), &json!({"shortName": "Globex"})).await),
        ["shortName"]
    );
    assert_eq!(bad_fields(&admin.put(&format!("{CUSTOMERS}/acme/disable"), &json!({"x": 1})).await), ["x"]);
    assert_eq!(admin.get(&format!("{CUSTOMERS}/acme?domain=nowhere")).await.status, 404);
}

#[tokio::test]
async fn a_customer_is_made_and_changed_field_by_field() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let body = json!({"parent": "acme", "shortName": "annex", "name": "Annex", "type": "group", "language": "english"});
    let made = admin.post(CUSTOMERS, &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let customer = data(&made);
    assert_eq!((&customer["type"], &customer["parent"]["shortName"]), (&json!("leaf"), &json!("acme")));
    assert_eq!(customer["createdByUser"]["shortName"], json!("admin"));
    assert_eq!(data(&admin.get(&format!("{CUSTOMERS}/acme")).await)["type"], json!("group"));
    let path = format!("{CUSTOMERS}/{}", customer["id"]);
    assert_eq!(admin.put(&path, &json!({"name": "Annex", "shortName": "annex"})).await.status, 220);
    let changed = admin.put(&path, &json!({"shortName": "barn"})).await;
    assert_eq!((changed.status, &data(&changed)["shortName"]), (200, &json!("barn")), "{}", changed.text());
    assert_eq!(data(&changed)["name"], json!("Annex"), "what is not sent stays");
    assert_eq!(admin.get(&format!("{CUSTOMERS}/annex")).await.status, 404);
    assert_eq!(admin.get(&format!("{CUSTOMERS}/BARN?domain=main")).await.status, 200);
    let domains = admin.get("/customeradmin/v2/domain?limit=1").await;
    assert_eq!((domains.json()["count"].as_i64(), &data(&domains)[0]["id"]), (Some(1), &json!(1)));
    let mut desk = desk(&server.idp).await;
    customer_below(&mut desk, server.directory.domain, "acme", "by-hand").await;
    desk.commit().await.unwrap();
    assert_eq!(data(&admin.get(&format!("{CUSTOMERS}/by-hand")).await)["createdByUser"], json!(null));
}
