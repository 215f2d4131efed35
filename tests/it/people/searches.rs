//! Searches: criteria, order and pages.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{Caller, admin, bad_fields, data, names};
use crate::support::server::TestServer;
use aggregates::values::Seconds;
use argus::{
    database::is_too_much,
    http::{ArgusError, search_fields::found},
};
use serde_json::{Value, json};

async fn names_found(admin: &Caller<'_>, noun: &str, body: &Value) -> Vec<String> {
    names(&admin.post(&format!("/useradmin/v2/{noun}/search"), body).await).0
}

#[tokio::test]
async fn a_search_that_cannot_be_read_is_refused_by_field() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let body = json!({
        "keywordMatchStrategy": "some", "keywordFieldStrategy": ["everything"], "includeFlags": ["sleepy"], "sortBy": ["colour"],
        "limit": -1, "offset": "x", "timeMatchStrategy": "never", "userPreferences": {}, "subCriteria": [{"subCriteria": []}],
    });
    let bad = bad_fields(&admin.post("/useradmin/v2/user/search", &body).await);
    for field in body.as_object().into_iter().flat_map(|body| body.keys()).filter(|field| *field != "subCriteria") {
        assert!(bad.contains(field), "{field} is not among {bad:?}");
    }
    assert!(bad.contains(&"subCriteria[0].subCriteria".to_owned()), "{bad:?}");
    for (query, field) in [
        ("limit=x", "limit"),
        ("includeFlag=sleepy", "includeFlag"),
        ("includeDeleted=perhaps", "includeDeleted"),
        ("sortBy=colour", "sortBy"),
        ("type=user", "type"),
    ] {
        assert_eq!(bad_fields(&admin.get(&format!("/useradmin/v2/user?{query}")).await), [field]);
    }
    for (body, field) in [
        (json!({"keywords": ["a"], "keywords[0]": "b"}), "keywords[0]"),
        (json!({"keywords": vec!["a"; 11]}), "keywords"),
        (json!({"subCriteria": vec![json!({}); 11]}), "subCriteria"),
    ] {
        assert_eq!(bad_fields(&admin.post("/useradmin/v2/user/search", &body).await), [field], "{body}");
    }
    let basic = json!({"includeFlags": ["blocked"], "parent": ["x"]});
    assert_eq!(bad_fields(&admin.post("/users/v2/user/search", &basic).await).len(), 2);
}

#[tokio::test]
async fn no_object_has_a_name_with_control_characters() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    for place in [
        "/useradmin/v2/user",
        "/useradmin/v2/group",
        "/useradmin/v2/subject",
        "/useradmin/v2/function",
        "/customeradmin/v2/customer",
        "/users/v2/user",
        "/authentication/v1/oauth/client",
    ] {
        for name in ["%00", "a%00", "%1b", "%7f"] {
            assert_eq!(admin.get(&format!("{place}/{name}")).await.status, 404, "{place}/{name}");
        }
    }
    assert_eq!(admin.get("/useradmin/v2/user/alice%00/permissions").await.status, 404);
    assert_eq!(admin.get("/authentication/v1/user/a%00/apikey").await.status, 404);
}

#[tokio::test]
async fn criteria_narrow_combine_and_order() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let sorted = |body: Value| json!({"sortBy": ["shortName"], "criteria": body})["criteria"].clone();
    assert_eq!(
        names_found(&admin, "user", &json!({"sortBy": ["-shortName"]})).await,
        ["bob", "audrey", "alice", "admin"]
    );
    assert_eq!(names_found(&admin, "user", &sorted(json!({"customer": ["acme"]}))).await, ["alice", "audrey"]);
    assert_eq!(names_found(&admin, "group", &json!({"customer": ["globex"]})).await, ["globex-friends"]);
    assert_eq!(names_found(&admin, "subject", &json!({"customer": ["globex"], "type": "user"})).await, ["bob"]);
    assert_eq!(names_found(&admin, "subject", &json!({"keywords": ["BUILDER"]})).await, ["bob"]);
    let either =
        json!({"keywords": ["liddell", "builder"], "keywordMatchStrategy": "any", "keywordFieldStrategy": ["name"]});
    assert_eq!(names_found(&admin, "user", &either).await, ["alice", "bob"]);
    let all = json!({"keywords": ["liddell", "builder"], "keywordMatchStrategy": "all"});
    assert_eq!(names_found(&admin, "user", &all).await, Vec::<String>::new());
    assert_eq!(names_found(&admin, "user", &json!({"keywords": ["%"]})).await, Vec::<String>::new());
    assert_eq!(names_found(&admin, "user", &json!({"parent": ["acme-analysts"]})).await, ["alice"]);
    assert_eq!(
        names_found(&admin, "user", &json!({"excludeFlags": ["passwordNotSet"], "subject": ["bob"]})).await,
        ["bob"]
    );
    let sub = json!({"subCriteria": [{"subject": ["bob"], "exclude": true}, {"customer": ["globex"]}, {"subject": ["alice"]}]});
    assert_eq!(names_found(&admin, "user", &sub).await, ["alice"]);
    let future = json!({"startTimestamp": 9_000_000_000_000_i64, "timeFieldStrategy": ["createdTimestamp"]});
    assert_eq!(names_found(&admin, "user", &future).await, Vec::<String>::new());
    let past = json!({"startTimestamp": 1, "endTimestamp": 9_000_000_000_000_i64, "timeFieldStrategy": ["all"]});
    assert_eq!(names_found(&admin, "user", &past).await.len(), 4);
}

#[tokio::test]
async fn groups_inside_groups_are_descended() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let outer = json!({"customer": "acme", "shortName": "outer", "name": "Outer"});
    assert_eq!(admin.post("/useradmin/v2/group", &outer).await.status, 201);
    let inner = json!({"subject": ["acme-analysts"]});
    assert_eq!(admin.post("/useradmin/v2/group/outer/members", &inner).await.status, 200);
    assert_eq!(names_found(&admin, "subject", &json!({"parent": ["outer"]})).await, ["acme-analysts"]);
    let mut below = names_found(&admin, "subject", &json!({"ancestor": ["outer"]})).await;
    below.sort_unstable();
    assert_eq!(below, ["acme-analysts", "alice"]);
    let around = |query: &'static str| admin.get(query);
    assert_eq!(names(&around("/users/v2/subject/alice/groups").await).1, 3);
    assert_eq!(names(&around("/users/v2/subject/alice/groups?includeInherited=False").await).1, 2);
    assert_eq!(names(&around("/users/v2/subject/alice/groups?limit=1&offset=2").await), (vec!["outer".to_owned()], 3));
}

#[tokio::test]
async fn a_page_counts_what_is_on_all_pages() {
    let server = TestServer::start().await;
    let admin = admin(&server);
    let page =
        admin.get("/useradmin/v2/user?limit=2&offset=1&sortBy=shortName&includeDeleted=False&keywordMatch=all").await;
    let body = page.json();
    assert_eq!(names(&page), (vec!["alice".to_owned(), "audrey".to_owned()], 4));
    assert_eq!((&body["limit"], &body["offset"], &body["size"]), (&json!(2), &json!(1), &json!(2)));
    assert_eq!(names(&admin.get("/useradmin/v2/user?offset=100").await), (vec![], 4));
    let numbers: Vec<Value> = data(&admin.get("/useradmin/v2/subject?limit=0").await)
        .as_array()
        .into_iter()
        .flatten()
        .map(|subject| subject["id"].clone())
        .collect();
    let mut different = numbers.clone();
    different.dedup();
    assert_eq!((numbers.len(), different.len()), (6, 6), "no user has the number of a group");
}

#[tokio::test]
async fn searches_beyond_their_connections_are_slowed_down_and_keep_nothing_else_waiting() {
    let server = TestServer::start_with(|config| config.database.connections = 8).await;
    let admin = admin(&server);
    let searches = server.idp.database.searches();
    let taken = [searches.lease().await.unwrap(), searches.lease().await.unwrap()];
    for (noun, root) in [("user", "useradmin"), ("permission", "useradmin"), ("customer", "customeradmin")] {
        let answer = admin.post(&format!("/{root}/v2/{noun}/search"), &json!({})).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("1")), "{noun}");
    }
    assert_eq!(admin.get("/useradmin/v2/user/alice").await.status, 200);
    drop(taken);
    assert_eq!(admin.post("/useradmin/v2/user/search", &json!({})).await.status, 200);
}

#[tokio::test]
async fn a_search_that_takes_too_long_is_ended() {
    let server = TestServer::start().await;
    let mut lease = server.idp.database.searches().lease().await.unwrap();
    let error = sqlx::query("SELECT pg_sleep(5)").execute(&mut *lease).await.unwrap_err();
    assert!(is_too_much(&error), "{error}");
    assert_eq!(found::<()>(Err(error)), Err(ArgusError::TooManyRequests(Seconds(1))));
}
