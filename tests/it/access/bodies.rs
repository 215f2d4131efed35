//! What a body or a path says of the object and its neighbours beyond what the call is about; and that each kind of change, one that
//! changes nothing too, takes the same right.

use crate::{
    people::support::{Caller, admin, bad_fields, caller, data},
    support::{
        directory::{customer_below, desk, function_below, grant, issue_key},
        server::{Answer, TestServer, json as json_request, with},
        sessions,
    },
};
use serde_json::{Value, json};

/// What nobody may say of an object: it is the server's, or it is nothing.
fn not_to_be_said() -> Vec<(&'static str, Value)> {
    vec![
        ("id", json!(1)),
        ("createdByUser", json!("admin")),
        ("createdTimestamp", json!(0)),
        ("lastUpdatedByUser", json!({ "id": 1 })),
        ("deletedTimestamp", json!(null)),
        ("flags", json!([])),
        ("deleted", json!(false)),
        ("blocked", json!(false)),
        ("sequence", json!(1)),
        ("epoch", json!(0)),
        ("permissions", json!([])),
        ("apiKeys", json!([])),
        ("password", json!("a long enough password")),
        ("ShortName", json!("other")),
        ("unknown", json!({})),
    ]
}

/// Calls with a body that is right.
fn right_bodies() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("POST", "/useradmin/v2/user", json!({ "customer": "acme", "shortName": "fresh", "name": "Fresh" })),
        ("PUT", "/useradmin/v2/user/alice", json!({ "name": "Renamed" })),
        ("PUT", "/useradmin/v2/user/alice/move", json!({ "customer": "globex" })),
        ("PUT", "/useradmin/v2/user/alice/reenable", json!({})),
        ("POST", "/useradmin/v2/group", json!({ "customer": "acme", "shortName": "fresh", "name": "Fresh" })),
        ("PUT", "/useradmin/v2/group/acme-analysts", json!({ "name": "Renamed" })),
        ("PUT", "/useradmin/v2/group/acme-analysts/move", json!({ "customer": "globex" })),
        ("PUT", "/useradmin/v2/group/acme-analysts/reenable", json!({})),
        ("POST", "/useradmin/v2/group/acme-analysts/members", json!({ "subject": ["audrey"] })),
        ("POST", "/useradmin/v2/subject/audrey/groups", json!({ "parentGroups": ["acme-analysts"] })),
        ("POST", "/customeradmin/v2/customer", json!({ "parent": "acme", "shortName": "fresh", "name": "Fresh" })),
        ("PUT", "/customeradmin/v2/customer/acme", json!({ "name": "Renamed" })),
        ("PUT", "/customeradmin/v2/customer/acme/move", json!({ "parent": "globex" })),
        ("PUT", "/customeradmin/v2/customer/acme/disable", json!({})),
        ("PUT", "/customeradmin/v2/customer/acme/reenable", json!({})),
        ("POST", "/useradmin/v2/function", json!({ "name": "fresh", "parent": "customerUser" })),
        ("PUT", "/useradmin/v2/function/traffic", json!({ "description": "Changed" })),
        ("POST", "/useradmin/v2/function/analyst/children", json!({ "children": ["viewUsers"] })),
        ("POST", "/useradmin/v2/permission", json!({ "subject": "audrey", "function": "analyst", "customer": "acme" })),
    ]
}

async fn send(caller: &Caller<'_>, method: &str, path: &str, body: &Value) -> Answer {
    match method {
        "POST" => caller.post(path, body).await,
        "PUT" => caller.put(path, body).await,
        "DELETE" => caller.delete(path).await,
        other => unreachable!("{other}"),
    }
}

#[tokio::test]
async fn a_body_says_nothing_beyond_what_the_call_is_about() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let before = server.count_events().await;
    let mut refused = 0;
    for (method, path, body) in right_bodies() {
        for (name, value) in not_to_be_said() {
            let mut more = body.clone();
            more[name] = value;
            let answer = send(&admin, method, path, &more).await;
            assert_eq!(answer.status, 412, "{method} {path} with {name}: {}", answer.text());
            assert_eq!(bad_fields(&answer), [name], "{method} {path}");
            refused += 1;
        }
    }
    for (path, body, field) in [
        ("/useradmin/v2/user/alice", json!({ "customer": "globex" }), "customer"),
        ("/useradmin/v2/user/alice", json!({ "language": "klingon" }), "language"),
        ("/useradmin/v2/user/alice", json!({ "daemonAccount": "yes" }), "daemonAccount"),
        ("/useradmin/v2/user/alice", json!({ "externallyManaged": true }), "externallyManaged"),
        ("/useradmin/v2/group/acme-analysts", json!({ "customer": "globex" }), "customer"),
        ("/useradmin/v2/group/acme-analysts", json!({ "daemonAccount": true }), "daemonAccount"),
        ("/customeradmin/v2/customer/acme", json!({ "parent": "globex" }), "parent"),
        ("/customeradmin/v2/customer/acme", json!({ "language": "klingon" }), "language"),
        ("/customeradmin/v2/customer/acme", json!({ "type": "leaf" }), "type"),
        ("/customeradmin/v2/customer/acme", json!({ "disabled": true }), "disabled"),
    ] {
        assert_eq!(bad_fields(&admin.put(path, &body).await), [field], "{path} {body}");
        refused += 1;
    }
    assert_eq!(server.count_events().await, before);
    println!("{refused} bodies refused for one field each");
    for (method, path, body) in right_bodies() {
        let answer = send(&admin, method, path, &body).await;
        assert!((200..300).contains(&answer.status), "without it {method} {path} is right: {}", answer.text());
    }
}

#[tokio::test]
async fn whoever_only_views_changes_nothing_and_not_even_that() {
    let server = TestServer::start().await;
    let mut lane = desk(&server.idp).await;
    function_below(&mut lane, "customerUser", "inner").await;
    lane.commit().await.unwrap();
    let admin = admin(&server);
    let client = json!({
        "shortName": "portal", "name": "Portal", "description": "", "mainURI": "https://app.example/",
        "clientIPRange": ["127.0.0.1"], "authenticationMethod": "none", "requiredFunction": "analyst",
        "permissionScope": "analyst", "customer": "acme", "redirectURIs": ["https://app.example/cb"],
    });
    assert_eq!(admin.post("/authentication/v1/oauth/client", &client).await.status, 201);
    let functions = [
        "viewUsers",
        "viewGroups",
        "viewCustomers",
        "viewFunctions",
        "viewPermissions",
        "viewOAuthClients",
        "viewOAuthClientsDetails",
        "analyst",
    ];
    let viewer = caller(&server, "vera", "acme", &functions).await;
    let (user, group) = ("/useradmin/v2/user/alice", "/useradmin/v2/group/acme-analysts");
    let (customer, function) = ("/customeradmin/v2/customer/acme", "/useradmin/v2/function/customerUser");
    let (oauth, permission) = ("/authentication/v1/oauth/client/portal", "/useradmin/v2/permission");
    let at = |path: &str, more: &str| format!("{path}{more}");
    let held = json!({ "subject": "alice", "function": "analyst", "customer": "acme" });
    let changes = [
        ("PUT", at(user, ""), json!({ "name": "Mallory" })),
        ("PUT", at(user, ""), json!({ "email": "" })),
        ("PUT", at(user, "/move"), json!({ "customer": "globex" })),
        ("DELETE", at(user, ""), json!({})),
        ("PUT", "/authentication/v1/user/alice/block".to_owned(), json!({})),
        ("DELETE", "/authentication/v1/user/alice/sessions".to_owned(), json!({})),
        ("PUT", at(group, ""), json!({ "name": "Mallory's" })),
        ("PUT", at(group, ""), json!({ "description": "" })),
        ("PUT", at(group, "/move"), json!({ "customer": "globex" })),
        ("POST", at(group, "/members"), json!({ "subject": ["vera"] })),
        ("DELETE", at(group, "/members?subject=alice"), json!({})),
        ("DELETE", at(group, ""), json!({})),
        ("POST", "/useradmin/v2/subject/vera/groups".to_owned(), json!({ "parentGroups": ["acme-analysts"] })),
        ("PUT", at(customer, ""), json!({ "name": "Mallory's" })),
        ("PUT", at(customer, "/move"), json!({ "parent": "acme" })),
        ("PUT", at(customer, "/disable"), json!({})),
        ("PUT", at(function, ""), json!({ "description": "Mallory's" })),
        ("POST", at(function, "/children"), json!({ "children": ["administrator"] })),
        ("DELETE", at(function, "/children?child=inner"), json!({})),
        ("DELETE", at(function, ""), json!({})),
        ("POST", at(permission, ""), json!({ "subject": "vera", "function": "analyst", "customer": "acme" })),
        ("PUT", at(oauth, ""), json!({ "name": "Mallory's" })),
        ("PUT", at(oauth, ""), json!({ "permittedScopes": [] })),
        ("DELETE", at(oauth, ""), json!({})),
    ];
    let nothings = [
        ("PUT", at(user, ""), json!({})),
        ("PUT", at(user, ""), json!({ "name": "Alice Liddell" })),
        ("PUT", at(user, "/move"), json!({ "customer": "acme" })),
        ("PUT", at(user, "/reenable"), json!({})),
        ("PUT", "/authentication/v1/user/alice/unblock".to_owned(), json!({})),
        ("PUT", at(group, ""), json!({})),
        ("PUT", at(group, "/move"), json!({ "customer": "acme" })),
        ("PUT", at(group, "/reenable"), json!({})),
        ("POST", at(group, "/members"), json!({ "subject": ["alice"] })),
        ("DELETE", at(group, "/members?subject=audrey"), json!({})),
        ("POST", "/useradmin/v2/subject/alice/groups".to_owned(), json!({ "parentGroups": ["acme-analysts"] })),
        ("PUT", at(customer, ""), json!({})),
        ("PUT", at(customer, "/move"), json!({ "parent": "main" })),
        ("PUT", at(customer, "/reenable"), json!({})),
        ("PUT", at(function, ""), json!({})),
        ("POST", at(function, "/children"), json!({ "children": ["inner"] })),
        ("DELETE", at(function, "/children?child=administrator"), json!({})),
        ("POST", at(permission, ""), held),
        ("PUT", at(oauth, ""), json!({})),
        ("PUT", at(oauth, ""), json!({ "name": "Portal" })),
    ];
    let before = server.count_events().await;
    for (method, path, body) in changes.iter().chain(&nothings) {
        let answer = send(&viewer, method, path, body).await;
        // Sessions of others are not there for who may not end them.
        let status = if path.ends_with("/sessions") { 404 } else { 403 };
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.text());
    }
    for (method, path, body) in &nothings {
        let answer = send(&admin, method, path, body).await;
        // What is left of a function's children is a list.
        let same = if path.contains("children?child=") { 200 } else { 220 };
        assert_eq!(answer.status, same, "{method} {path} {body}: {}", answer.text());
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn an_object_is_found_only_where_it_belongs() {
    let server = TestServer::start().await;
    let (idp, directory) = (&server.idp, &server.directory);
    let mut lane = desk(idp).await;
    for (parent, child) in
        [("customerUser", "one"), ("customerUser", "two"), ("one", "inner-one"), ("two", "inner-two")]
    {
        function_below(&mut lane, parent, child).await;
    }
    lane.commit().await.unwrap();
    let (admin, key) = (admin(&server), issue_key(idp, directory.bob, &["127.0.0.1"]).await);
    let bobs = key.rsplit_once('/').unwrap().0;
    let session = sessions::start(idp, directory.admin, crate::support::server::HOME).await;
    let before = server.count_events().await;
    let by_session = |method: &str, path: &str| {
        with("authorization", &format!("Bearer {session}"), json_request(method, path, &json!({})))
    };
    for method in ["PUT", "DELETE"] {
        let of_alice = format!("/authentication/v1/user/alice/apikey/{bobs}");
        let own = format!("/authentication/v1/apikey/{bobs}");
        for path in [of_alice, own] {
            assert_eq!(server.call(by_session(method, &path)).await.status, 404, "{method} {path}");
        }
    }
    for (path, unchanged) in [
        ("/useradmin/v2/group/acme-analysts/members?subject=bob", 220),
        ("/useradmin/v2/function/one/children?child=inner-two", 200),
    ] {
        assert_eq!(admin.delete(path).await.status, unchanged, "{path}");
    }
    assert_eq!(server.count_events().await, before);
    assert_eq!(data(&admin.get("/useradmin/v2/function/two/children").await)[0]["name"], "inner-two");
    let used = with("argus-api-key", &key, json_request("GET", "/authentication/v1/session", &Value::Null));
    assert_eq!(server.call(used).await.status, 200, "bob's key is as it was");
}

#[tokio::test]
async fn a_path_in_sight_lets_nothing_in_a_body_into_reach() {
    let server = TestServer::start().await;
    let other = caller(&server, "otto", "globex", &["administrator"]).await;
    let before = server.count_events().await;
    for (method, path, body) in [
        ("PUT", "/useradmin/v2/user/bob/move", json!({ "customer": "acme" })),
        ("PUT", "/useradmin/v2/group/globex-friends/move", json!({ "customer": "acme" })),
        ("PUT", "/customeradmin/v2/customer/globex/move", json!({ "parent": "acme" })),
        ("POST", "/useradmin/v2/group/globex-friends/members", json!({ "subject": ["audrey"] })),
        ("POST", "/useradmin/v2/group/globex-friends/members", json!({ "subject": ["bob", "audrey"] })),
        ("POST", "/useradmin/v2/subject/bob/groups", json!({ "parentGroups": ["acme-analysts"] })),
        ("POST", "/useradmin/v2/subject/audrey/groups", json!({ "parentGroups": ["globex-friends"] })),
        ("DELETE", "/useradmin/v2/group/globex-friends/members?subject=audrey", json!({})),
        ("POST", "/useradmin/v2/permission", json!({ "subject": "bob", "function": "analyst", "customer": "acme" })),
        (
            "POST",
            "/useradmin/v2/permission",
            json!({ "subject": "audrey", "function": "analyst", "customer": "globex" }),
        ),
        (
            "POST",
            "/useradmin/v2/permission/bulk",
            json!({ "permissions": [
                { "subject": "bob", "function": "analyst", "customer": "globex" },
                { "subject": "audrey", "function": "analyst", "customer": "globex" },
            ] }),
        ),
    ] {
        let answer = send(&other, method, path, &body).await;
        assert!([403, 404, 412].contains(&answer.status), "{method} {path} {body}: {}", answer.text());
        assert!(!answer.text().to_lowercase().contains("audrey auditor"), "{}", answer.text());
    }
    assert_eq!(server.count_events().await, before);
}

#[tokio::test]
async fn no_two_changes_lead_to_what_one_of_them_may_not() {
    let server = TestServer::start().await;
    let (idp, directory) = (&server.idp, &server.directory);
    let mut lane = desk(idp).await;
    customer_below(&mut lane, directory.domain, "acme", "annex").await;
    lane.commit().await.unwrap();
    let admin = admin(&server);
    let functions = [
        "viewUsers",
        "manageUsers",
        "viewGroups",
        "manageGroups",
        "viewPermissions",
        "managePermissions",
        "viewOAuthClients",
        "viewOAuthClientsDetails",
        "createOAuthClients",
        "updateOAuthClients",
    ];
    let manager = caller(&server, "mary", "acme", &functions).await;
    let new = |name: &str, scope: &str| {
        json!({
            "shortName": name, "name": name, "description": "", "mainURI": "https://app.example/",
            "clientIPRange": ["127.0.0.1"], "authenticationMethod": "none", "requiredFunction": scope,
            "permissionScope": scope, "customer": "acme", "redirectURIs": ["https://app.example/cb"],
        })
    };
    let clients = "/authentication/v1/oauth/client";
    assert_eq!(manager.post(clients, &new("mine", "viewUsers")).await.status, 201);
    assert_eq!(admin.post(clients, &new("wide", "analyst")).await.status, 201);
    let (outer, inner) = ("/useradmin/v2/group/outer", "/useradmin/v2/group/inner");
    for name in ["outer", "inner"] {
        let group = json!({ "customer": "acme", "shortName": name, "name": name });
        assert_eq!(manager.post("/useradmin/v2/group", &group).await.status, 201);
    }
    let members = |path: &str| format!("{path}/members");
    let join = |who: &str| json!({ "subject": [who] });
    let give = |subject: &str| json!({ "subject": subject, "function": "analyst", "customer": "acme" });

    // A client: first narrow what is not one's own; first widen, or move away, what is.
    for (client, change) in [
        ("wide", json!({ "permissionScope": "viewUsers" })),
        ("wide", json!({ "permissionScope": "viewUsers", "requiredFunction": "viewUsers" })),
        ("wide", json!({ "redirectURIs": ["https://mallory.example/cb"] })),
        ("wide", json!({ "customer": "annex" })),
        ("mine", json!({ "permissionScope": "analyst" })),
        ("mine", json!({ "permissionScope": "analyst", "customer": "annex" })),
        ("mine", json!({ "customer": "globex" })),
        ("mine", json!({ "customer": "globex", "permissionScope": "viewUsers" })),
        ("mine", json!({ "maxSecurityLevel": "administrative" })),
    ] {
        let answer = manager.put(&format!("{clients}/{client}"), &change).await;
        assert!([403, 412].contains(&answer.status), "{client} {change}: {}", answer.text());
    }
    assert_eq!(manager.put(&format!("{clients}/mine"), &json!({ "customer": "annex" })).await.status, 412, "it stays");

    // A group: first join, then be given; first be given, then join; and by a group between.
    assert_eq!(manager.post(&members(outer), &join("inner")).await.status, 200);
    assert_eq!(manager.post(&members(inner), &join("mary")).await.status, 200);
    assert_eq!(manager.post("/useradmin/v2/permission", &give("outer")).await.status, 403);
    assert_eq!(manager.post("/useradmin/v2/permission", &give("mary")).await.status, 403);
    let out = |path: &str, who: &str| format!("{path}/members?subject={who}");
    assert_eq!(manager.delete(&out(inner, "mary")).await.status, 200);
    assert_eq!(admin.post("/useradmin/v2/permission", &give("outer")).await.status, 201);
    assert_eq!(manager.post(&members(outer), &join("mary")).await.status, 403);
    assert_eq!(manager.post(&members(inner), &join("mary")).await.status, 403, "through the group between");
    assert_eq!(manager.put(&format!("{outer}/move"), &json!({ "customer": "annex" })).await.status, 403);

    // A person: first take over, then use; nobody handles who may do more.
    grant(idp, directory, directory.bob, "analyst", Some("acme")).await;
    for change in [json!({ "email": "mallory@mail.example" }), json!({ "shortName": "mallory" })] {
        assert_eq!(manager.put("/useradmin/v2/user/alice", &change).await.status, 403, "{change}");
    }
    assert_eq!(manager.put("/useradmin/v2/user/alice/move", &json!({ "customer": "annex" })).await.status, 403);
}
