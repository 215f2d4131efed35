//! Functions are made, changed, put below one another and deleted.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::{
    people::support::{admin, bad_fields, caller, data},
    support::{
        directory::{desk, function_below, grant},
        server::{Answer, TestServer},
    },
};
use aggregates::domain::Domain;
use argus::directory::domains::{self, NewDomain};
use serde_json::json;

const FUNCTIONS: &str = "/useradmin/v2/function";
const MANAGER: &[&str] = &["viewFunctions", "manageFunctions"];

fn one(name: &str) -> String {
    format!("{FUNCTIONS}/{name}")
}

fn children(name: &str) -> String {
    format!("{FUNCTIONS}/{name}/children")
}

/// The names in a list.
#[track_caller]
fn listed(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let rows = data(answer);
    rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn functions_are_changed_by_who_manages_them_everywhere() {
    let server = TestServer::start().await;
    let (viewer, here) =
        (caller(&server, "vera", "acme", &["viewFunctions"]).await, caller(&server, "mary", "acme", MANAGER).await);
    let everywhere = caller(&server, "max", "main", MANAGER).await;
    let new = json!({"name": "report", "parent": "customerUser"});
    for one in [&viewer, &here] {
        assert_eq!(one.get(FUNCTIONS).await.status, 200);
        assert_eq!(one.post(FUNCTIONS, &new).await.status, 403);
        assert_eq!(one.put("/useradmin/v2/function/traffic", &json!({"role": true})).await.status, 403);
        assert_eq!(one.delete("/useradmin/v2/function/traffic").await.status, 403);
    }
    assert_eq!(everywhere.put("/useradmin/v2/function/traffic", &json!({"role": true})).await.status, 200);
    let renamed = everywhere.put("/useradmin/v2/function/traffic", &json!({"name": "freed"})).await;
    assert_eq!(renamed.status, 403, "rights are asked for by name, and this one is not held");
    assert_eq!(everywhere.post(FUNCTIONS, &new).await.status, 403, "its parent is not held");
    assert_eq!(everywhere.post(&children("viewFunctions"), &json!({"children": ["analyst"]})).await.status, 403);
    assert_eq!(everywhere.post(&children("analyst"), &json!({"children": ["viewFunctions"]})).await.status, 403);
    assert_eq!(everywhere.delete(&format!("{}?child=customerUser", children("analyst"))).await.status, 403);
    let given = everywhere.post(&children("viewFunctions"), &json!({"children": ["manageFunctions"]})).await;
    assert_eq!(given.status, 200, "both are held: {}", given.text());
}

#[tokio::test]
async fn where_there_are_several_domains_nobody_changes_functions() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    assert_eq!(admin.put(&one("traffic"), &json!({"role": true})).await.status, 200);
    let mut desk = desk(&server.idp).await;
    let input = NewDomain { short_name: "other".to_owned(), name: "Other".to_owned() };
    let (id, command) = (desk.new_id(), domains::create(&mut desk, &input).await.unwrap());
    desk.execute::<Domain>(id, command).await.unwrap();
    desk.commit().await.unwrap();
    assert_eq!(admin.put(&one("traffic"), &json!({"role": false})).await.status, 403);
    assert_eq!(admin.get(&one("traffic")).await.status, 200);
}

#[tokio::test]
async fn every_bad_field_is_told() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let body = json!({
        "name": "a b", "localizedNames": {"norwegian": "Rapport"}, "localizedDescriptions": {"english": "a\u{7}"},
        "description": 1, "role": "yes", "readOnly": true, "sysadm": true, "roleType": "tool",
        "minimumSecurityLevel": "administrative", "unknown": 1,
    });
    let mut bad = bad_fields(&admin.post(FUNCTIONS, &body).await);
    bad.sort_unstable();
    let told = [
        "description",
        "localizedDescriptions.english",
        "localizedNames.norwegian",
        "minimumSecurityLevel",
        "name",
        "parent",
        "readOnly",
        "role",
        "roleType",
        "sysadm",
        "unknown",
    ];
    assert_eq!(bad, told);
    let new = |name: &str, parent: &str| json!({"name": name, "parent": parent});
    assert_eq!(bad_fields(&admin.post(FUNCTIONS, &new("viewusers", "analyst")).await), ["name"]);
    assert_eq!(bad_fields(&admin.post(FUNCTIONS, &new("fresh", "nothing")).await), ["parent"]);
    let two = json!({"description": "one", "localizedDescriptions": {"english": "another"}});
    assert_eq!(bad_fields(&admin.put(&one("traffic"), &two).await), ["description"]);
    assert_eq!(admin.post(FUNCTIONS, &new("own", "viewUsers")).await.status, 201);
    assert_eq!(bad_fields(&admin.put(&one("own"), &json!({"name": "analyst"})).await), ["name"]);
    assert_eq!(bad_fields(&admin.post(&children("analyst"), &json!({})).await), ["children"]);
    let lost = json!({"children": ["viewUsers", "nothing"]});
    assert_eq!(bad_fields(&admin.post(&children("analyst"), &lost).await), ["children[1]"]);
    let back = json!({"children": ["analyst"]});
    assert_eq!(bad_fields(&admin.post(&children("customerUser"), &back).await), ["children"]);
    assert_eq!(bad_fields(&admin.delete(&children("analyst")).await), ["child"]);
    let ended = admin.post("/useradmin/v2/functionmapping/search", &json!({"includeDeleted": true})).await;
    assert_eq!(bad_fields(&ended), ["includeDeleted"], "what was taken back is in the audit trail");
    assert_eq!(admin.get(&one("nothing")).await.status, 404);
}

#[tokio::test]
async fn a_function_is_made_below_another_and_changed_field_by_field() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    // What the SDK sends unasked is taken.
    let new = json!({
        "name": "report", "parent": "analyst", "localizedNames": {"english": "Report"}, "description": "Reads",
        "minimumSecurityLevel": "standard", "roleType": "otherRole", "readOnly": false, "sysadm": false, "role": false,
    });
    let made = admin.post(FUNCTIONS, &new).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let function = data(&made);
    assert_eq!((&function["name"], &function["localizedName"]), (&json!("report"), &json!("Report")));
    assert_eq!((&function["description"], &function["localizedDescription"]), (&json!("Reads"), &json!("Reads")));
    assert_eq!(function["localizedNames"], json!({"english": "Report"}));
    assert_eq!((&function["flags"], &function["minimumSecurityLevel"]), (&json!([]), &json!("external")));
    assert_eq!(function["createdByUser"]["shortName"], json!("admin"));
    let path = format!("{FUNCTIONS}/{}", function["id"]);
    assert_eq!(listed(&admin.get(&format!("{path}/parents")).await), ["analyst"]);
    assert_eq!(listed(&admin.get(&children("analyst")).await), ["customerUser", "report"]);
    assert_eq!(admin.put(&path, &json!({"name": "report", "description": "Reads"})).await.status, 220);
    let changed = admin.put(&path, &json!({"name": "reports", "role": true})).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let function = data(&changed);
    assert_eq!((&function["name"], &function["flags"]), (&json!("reports"), &json!(["role"])));
    assert_eq!(function["localizedName"], json!("Report"), "what is not sent stays");
    assert_eq!(admin.get(&one("report")).await.status, 404);
    assert_eq!(admin.post(&children("reports"), &json!({"children": ["viewUsers"]})).await.status, 200);
    assert_eq!(admin.post(&children("reports"), &json!({"children": ["viewUsers"]})).await.status, 220);
    let mappings = admin.get("/useradmin/v2/functionmapping?child=viewUsers&parent=reports&includeDeleted=false").await;
    assert_eq!(
        (mappings.json()["count"].as_i64(), &data(&mappings)[0]["child"]["name"]),
        (Some(1), &json!("viewUsers"))
    );
    let id = data(&mappings)[0]["id"].clone();
    assert_eq!(listed(&admin.delete(&format!("{}?child=viewUsers", children("reports"))).await), Vec::<String>::new());
    assert_eq!(admin.post(&children("reports"), &json!({"children": ["viewUsers"]})).await.status, 200);
    let search = json!({"parent": ["reports"], "sortBy": ["-childName"]});
    let again = admin.post("/useradmin/v2/functionmapping/search", &search).await;
    assert_eq!(data(&again)[0]["id"], id, "the same whenever the same two are put together");
}

#[tokio::test]
async fn a_function_is_deleted_when_nothing_refers_to_it() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    for built_in in ["viewUsers", "analyst"] {
        assert_eq!(admin.delete(&one(built_in)).await.status, 412, "{built_in}");
        assert_eq!(admin.put(&one(built_in), &json!({"name": "mine"})).await.status, 412, "{built_in}");
    }
    let mut desk = desk(&server.idp).await;
    let id = function_below(&mut desk, "analyst", "report").await;
    desk.commit().await.unwrap();
    let client = server.client("reader", |definition| definition.permission_scope = id).await;
    assert_eq!(admin.delete(&one("report")).await.status, 412, "a client has it as its scope");
    assert_eq!(admin.delete(&format!("/authentication/v1/oauth/client/{}", client.client_id())).await.status, 200);
    grant(&server.idp, &server.directory, server.directory.bob, "report", Some("acme")).await;
    assert_eq!(admin.delete(&one("report")).await.status, 412, "somebody holds it");
    let held = data(&admin.get("/useradmin/v2/permission?subject=bob").await);
    assert_eq!(admin.delete(&format!("/useradmin/v2/permission/{}", held[0]["id"])).await.status, 200);
    let deleted = admin.delete(&one("report")).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    let function = data(&deleted);
    assert_eq!((&function["flags"], &function["deletedByUser"]["shortName"]), (&json!(["deleted"]), &json!("admin")));
    assert_eq!(admin.get(&one("report")).await.status, 404);
    assert_eq!(listed(&admin.get(&children("analyst")).await), ["customerUser"]);
    let found = admin.post("/useradmin/v2/function/search", &json!({"function": ["report"]})).await;
    assert_eq!(listed(&found), Vec::<String>::new());
    let gone = admin.post("/useradmin/v2/function/search", &json!({"includeFlags": ["deleted"]})).await;
    assert_eq!(listed(&gone), ["report"]);
    let again = admin.post(FUNCTIONS, &json!({"name": "report", "parent": "analyst"})).await;
    assert_eq!(again.status, 201, "the name is free: {}", again.text());
    assert_ne!(data(&again)["id"], function["id"]);
}
