//! The same on the command line, beside a server.

use super::{data, get, put};
use crate::{command_line::Operator, support::server::TestServer};
use serde_json::{Value, json};

/// What a command printed as JSON.
async fn printed(operator: &Operator, line: &str) -> Value {
    let output = operator.run(line).await;
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn versions(server: &TestServer, client: &str) -> Vec<Value> {
    data(&get(server, &format!("{client}/history")).await).as_array().unwrap().clone()
}

#[tokio::test]
async fn a_client_is_looked_at_and_brought_back_on_the_command_line() {
    let operator = Operator::new().await;
    let server = &operator.server;
    let rp = server.confidential("app").await;
    operator.done("client update app --name Second --reason because").await;
    for (line, code) in [
        ("client history nothing", 3),
        ("client show app --at 9", 3),
        ("client show app --at tomorrow", 2),
        ("client diff app --from 9", 3),
        ("client diff app", 2),
        ("client restore app --to 9 --execute", 2),
        ("client restore nothing --to 1", 3),
        ("client restore app --to 1 --expect-version 1 --execute", 4),
        ("client update app --name Third --expect-version 1", 4),
        ("client delete app --expect-version 1", 4),
        ("client restore app --to 2 --execute", 1),
        ("client update app --mainuri x", 2),
    ] {
        assert_eq!(operator.code(line).await, Some(code), "{line}");
    }
    assert_eq!(versions(server, "app").await.len(), 2);

    let listed = operator.listed("client history app").await;
    assert_eq!(
        (&listed[1]["version"], &listed[1]["by"], &listed[1]["reason"]),
        (&json!(2), &json!("system:cli"), &json!("because"))
    );
    assert_eq!(printed(&operator, "client show app --at 1").await["client"]["name"], "The Application");
    let changes = printed(&operator, "client diff app --from 1 -o json").await;
    let line = |change: &str, value: &str| json!({ "field": "name", "change": change, "value": value });
    assert_eq!(changes, json!([line("-", "The Application"), line("+", "Second")]));

    let preview = printed(&operator, "client restore app --to 1 -o json").await;
    assert_eq!(preview, json!([line("-", "Second"), line("+", "The Application")]));
    let dry = printed(&operator, "client update app --required-function traffic --dry-run -o json").await;
    let access: Vec<_> = dry.as_array().unwrap().iter().filter(|line| line["field"] == "access").collect();
    assert_eq!(
        access,
        [
            &json!({ "field": "access", "change": "-", "value": "admin" }),
            &json!({ "field": "access", "change": "-", "value": "alice" })
        ]
    );
    assert_eq!(versions(server, "app").await.len(), 2, "neither changed anything");
    operator.done("client restore app --to 1 --expect-version 2 --execute --reason Ticket-4711").await;
    assert_eq!(server.definition_of(rp.id).await.name.as_str(), "The Application");
    let last = versions(server, "app").await.pop().unwrap();
    assert_eq!((&last["restoredVersion"], &last["reason"]), (&json!(1), &json!("Ticket-4711")));
}

#[tokio::test]
async fn recorded_changes_are_repeated_onto_another_client_without_secrets() {
    let operator = Operator::new().await;
    let server = &operator.server;
    let (source, target) = (server.confidential("app").await, server.public("other").await);
    for body in [
        json!({ "description": "Second", "clientSecret": "quite another secret" }),
        json!({ "redirectURIs": ["https://app.example/two"], "disabled": true }),
        json!({ "description": "Third" }),
    ] {
        data(&put(server, "app", &body).await);
    }
    let before = server.definition_of(target.id).await;
    for (line, code) in [
        ("client replay app", 2),
        ("client replay app --from 0", 2),
        ("client replay nothing --from 1", 3),
        ("client replay app --from 1 --onto nothing", 3),
    ] {
        assert_eq!(operator.code(line).await, Some(code), "{line}");
    }
    let line = "client replay app --from 1 --to 5 --onto other -o json";
    let fields: Vec<_> =
        printed(&operator, line).await.as_array().unwrap().iter().map(|line| line["field"].clone()).collect();
    assert_eq!(fields, ["description", "description", "redirectURIs", "redirectURIs"]);
    assert_eq!(server.definition_of(target.id).await, before, "that was a preview");

    let output = operator.run(&format!("{line} --execute")).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    for left in ["client.defined", "client.secret_rotated", "client.disabled"] {
        assert!(said.contains(left), "{said}");
    }
    let after = server.definition_of(target.id).await;
    assert_eq!((after.description.as_str(), after.redirect_uris[0].as_str()), ("Second", "https://app.example/two"));
    assert_eq!((after.authentication, after.disabled), (before.authentication, false));
    let reasons: Vec<_> =
        versions(server, "other").await.into_iter().map(|version| version["reason"].clone()).collect();
    assert_eq!(reasons[1..], ["replay of app@3", "replay of app@5"]);
    assert_eq!(
        operator.code(&format!("client replay {} --from 6", source.id)).await,
        Some(0),
        "onto itself: nothing new"
    );
    assert_eq!(versions(server, "app").await.len(), 4);
}
