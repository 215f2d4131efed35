//! Who may use a client, and who could: the answer is what the server's own door says.

use super::{CLIENTS, data, get, put};
use crate::{
    command_line::Operator,
    support::{
        directory::{desk, grant, group, issue_key, join, newcomer, person, revoke},
        server::{TestServer, json, with},
    },
};
use aggregates::{
    group::Member,
    ids::UserId,
    user::{User, UserCommand},
    values::Permission,
};
use argus::directory::permissions;
use axum::{body::Body, http::Request};
use projections::rights::{Rights, holds_function};
use serde_json::{Value, json};

/// User, whose permission, function and customer, as told.
fn told(holders: &Value) -> Vec<[String; 4]> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |holder: &Value| {
        let held = &holder["heldBy"];
        [
            text(&holder["user"]["userName"]),
            text(&held["subject"]["shortName"]),
            text(&held["function"]["name"]),
            text(&held["customer"]["shortName"]),
        ]
    };
    holders.as_array().unwrap().iter().map(line).collect()
}

async fn who(server: &TestServer, path: &str) -> Vec<[String; 4]> {
    told(&data(&get(server, path).await))
}

fn line(of: [&str; 4]) -> [String; 4] {
    of.map(str::to_owned)
}

/// The position of the last event.
async fn now(server: &TestServer) -> i64 {
    sqlx::query_scalar("SELECT max(position) FROM events").fetch_one(&mut server.at.owner().await).await.unwrap()
}

#[tokio::test]
async fn what_is_not_for_the_callers_eyes_is_not_told() {
    let server = TestServer::start().await;
    let (idp, people) = (&server.idp, &server.directory);
    server.confidential("app").await;
    for (path, status) in [
        ("nothing/who-can", 404),
        ("app/who-can?at=2020-01-01", 404),
        ("app/who-can?at=@1", 404),
        ("app/who-can?at=9", 404),
        ("app/who-can?at=x", 412),
        ("app/who-can?when=1", 412),
    ] {
        assert_eq!(get(&server, path).await.status, status, "{path}");
    }
    let turn = server.idp.past.acquire().await.unwrap();
    assert_eq!(get(&server, "app/who-can?at=1").await.status, 429, "one at a time");
    assert_eq!(get(&server, "app/who-can").await.status, 200, "but not of now");
    drop(turn);
    let ask = |key: &str| {
        let request = Request::get(format!("{CLIENTS}/app/who-can")).body(Body::empty()).unwrap();
        server.call(with("argus-api-key", key, request))
    };
    grant(idp, people, people.bob, "viewOAuthClients", None).await;
    let key = issue_key(idp, people.bob, &["127.0.0.1"]).await;
    assert_eq!(ask(&key).await.status, 403, "without the details");
    grant(idp, people, people.bob, "viewOAuthClientsDetails", None).await;
    assert_eq!(told(&data(&ask(&key).await)), Vec::<[String; 4]>::new(), "nobody whom one may not view");
    grant(idp, people, people.bob, "viewUsers", Some("acme")).await;
    assert_eq!(told(&data(&ask(&key).await)), [line(["alice", "alice", "analyst", "acme"])], "those of acme");
}

/// Whether the directory says of everybody what the list says.
async fn is_complete(server: &TestServer, function: &str, found: &[[String; 4]]) {
    let mut c = server.at.owner().await;
    let all: Vec<(uuid::Uuid, String)> =
        sqlx::query_as("SELECT id, user_name FROM users WHERE user_name IS NOT NULL").fetch_all(&mut c).await.unwrap();
    let (wanted, domain) = (server.directory.function(function), server.directory.domain);
    for (id, name) in all {
        let may = holds_function(&mut c, &Rights::of(UserId::new(id)), wanted, None, domain).await.unwrap();
        assert_eq!(found.iter().any(|line| line[0] == name), may, "{name}");
    }
}

#[tokio::test]
async fn those_are_told_who_hold_the_required_function_now_and_then() {
    let server = TestServer::start().await;
    let (idp, people) = (&server.idp, &server.directory);
    let rp = server.confidential("app").await;
    let mut open = desk(idp).await;
    let outer = group(&mut open, people.domain, "outer", "globex").await;
    let analyst = Permission { function: people.function("analyst"), customer: people.globex };
    permissions::grant(&mut open, people.domain, Member::Group(outer), analyst).await.unwrap();
    join(&mut open, people.domain, outer, people.bob).await;
    open.commit().await.unwrap();
    let first = who(&server, "app/who-can").await;
    let expected = [
        line(["admin", "admin", "administrator", "main"]),
        line(["alice", "alice", "analyst", "acme"]),
        line(["bob", "outer", "analyst", "globex"]),
    ];
    assert_eq!(first, expected);
    is_complete(&server, "analyst", &first).await;
    let then = now(&server).await;

    revoke(idp, people.alice, people.function("analyst"), people.acme).await;
    newcomer(idp, people, person("carol", "Carol", Some("globex"))).await;
    let mut open = desk(idp).await;
    open.execute::<User>(people.bob.uuid(), UserCommand::Block).await.unwrap();
    open.commit().await.unwrap();
    let second = who(&server, "app/who-can").await;
    assert_eq!(second, [line(["admin", "admin", "administrator", "main"])]);
    is_complete(&server, "analyst", &second).await;
    assert_eq!(who(&server, &format!("app/who-can?at=@{then}")).await, first, "as it was");

    let later = now(&server).await;
    data(&put(&server, "app", &json!({ "requiredFunction": "auditor", "shortName": "renamed" })).await);
    let third = who(&server, "renamed/who-can").await;
    assert_eq!(third.iter().map(|line| line[0].as_str()).collect::<Vec<_>>(), ["admin", "audrey"]);
    is_complete(&server, "auditor", &third).await;
    assert_eq!(who(&server, &format!("renamed/who-can?at=@{later}")).await, second);
    assert_eq!(
        who(&server, "renamed/who-can?at=1").await,
        [line(["admin", "admin", "administrator", "main"]), line(["alice", "alice", "analyst", "acme"])]
    );
    data(&put(&server, "renamed", &json!({ "disabled": true })).await);
    assert_eq!(who(&server, "renamed/who-can").await, Vec::<[String; 4]>::new(), "nobody may use what is disabled");
    assert_eq!(who(&server, &format!("{}/who-can?at=3&limit=1&offset=1", rp.id)).await, third[1..]);
}

#[tokio::test]
async fn a_preview_tells_who_would_lose_and_the_door_agrees_after_the_change() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let body = json!({ "requiredFunction": "auditor" });
    let request = json("POST", &format!("{CLIENTS}/app/preview"), &body);
    let preview = data(&super::call(&server, request).await);
    assert_eq!(told(&preview["losing"]).iter().map(|line| line[0].clone()).collect::<Vec<_>>(), ["alice"]);
    assert_eq!(told(&preview["gaining"]), [line(["audrey", "audrey", "auditor", "acme"])]);
    let alice = server.alice();
    rp.tokens_for(&alice).await;
    data(&put(&server, "app", &body).await);
    let answer = alice.get(&rp.authorize_url(&[])).await;
    assert_eq!(answer.location_parameter("error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn the_command_line_lists_them_too() {
    let operator = Operator::new().await;
    let server = &operator.server;
    server.confidential("app").await;
    assert_eq!(operator.code("client who-can nothing").await, Some(3));
    assert_eq!(operator.code("client who-can app --at 2020-01-01").await, Some(3));
    assert_eq!(operator.code("client who-can app --at 0").await, Some(2));
    let expected = json!([
        { "user": "admin", "by": "admin", "function": "administrator", "customer": "main" },
        { "user": "alice", "by": "alice", "function": "analyst", "customer": "acme" },
    ]);
    assert_eq!(Value::Array(operator.listed("client who-can app").await), expected);
    revoke(&server.idp, server.directory.alice, server.directory.function("analyst"), server.directory.acme).await;
    assert_eq!(operator.listed("client who-can app").await.len(), 1);
    assert_eq!(Value::Array(operator.listed("client who-can app --at 1").await), expected);
}
