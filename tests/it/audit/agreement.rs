//! A filter means the same over HTTP, in an export and on the command line, and what it means is said here once more, by hand.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    ENTRIES, EXPORT, ask,
    files::{csv_positions, jsonl_positions},
    history::History,
};
use crate::support::people::Person;
use chrono::{DateTime, SecondsFormat};
use serde_json::Value;

/// Whether an entry, as it is stored, is asked for.
type Fits = Box<dyn Fn(&Value) -> bool>;

fn is(row: &Value, column: &str, value: &impl ToString) -> bool {
    row[column].as_str() == Some(&value.to_string())
}

fn begins(row: &Value, column: &str, start: &str) -> bool {
    row[column].as_str().is_some_and(|text| text.starts_with(start))
}

fn case(text: impl Into<String>, fits: impl Fn(&Value) -> bool + 'static) -> (String, Fits) {
    (text.into(), Box::new(fits))
}

/// Every key, alone.
fn keys(history: &History) -> Vec<(String, Fits)> {
    let directory = &history.operator.server.directory;
    let (alice, admin, acme, analyst) =
        (directory.alice, directory.admin, directory.acme, directory.function("analyst"));
    let (app, reports, group) = (history.app.id, history.reports.id, history.group.clone());
    let (session, grant) = (history.first("session.ended", "session_id"), history.first("token.refreshed", "grant_id"));
    let request = history.first("code.replayed", "request_id");
    let middle = history.middle;
    let time = DateTime::from_timestamp_millis(middle).unwrap().to_rfc3339_opts(SecondsFormat::Millis, true);
    let user = format!("user:{alice}");
    let (session_, grant_, request_, group_, user_) =
        (session.clone(), grant.clone(), request.clone(), group.clone(), user.clone());
    vec![
        case("", |_| true),
        case("actor:alice", move |row| is(row, "actor", &user_)),
        case(format!("actor:{user}"), move |row| is(row, "actor", &user)),
        case(format!("actor:{admin}"), move |row| is(row, "actor", &format!("user:{admin}"))),
        case("actor:system:cli", |row| is(row, "actor", &"system:cli")),
        case("actor:anonymous", |row| is(row, "actor", &"anonymous")),
        case("user:ALICE", move |row| is(row, "user_id", &alice)),
        case(format!("user:{alice}"), move |row| is(row, "user_id", &alice)),
        case("user:nobody", |_| false),
        case("client:app", move |row| is(row, "client_id", &app)),
        case(format!("client:{reports}"), move |row| is(row, "client_id", &reports)),
        case("customer:Acme", move |row| is(row, "customer_id", &acme)),
        case("function:analyst", move |row| is(row, "required_function", &analyst)),
        case("action:token.issued", |row| is(row, "action", &"token.issued")),
        case("action:token.*", |row| begins(row, "action", "token.")),
        case("outcome:refused", |row| is(row, "outcome", &"refused")),
        case("outcome:done", |row| is(row, "outcome", &"done")),
        case("reason:wrong_password", |row| is(row, "reason", &"wrong_password")),
        case("ip:203.0.113.9", |row| is(row, "ip", &"203.0.113.9")),
        case("ip:10.0.0.0/8", |row| begins(row, "ip", "10.")),
        case("ip:2001:db8::/32", |row| begins(row, "ip", "2001:db8:")),
        case("ip:0.0.0.0/0", |row| row["ip"].as_str().is_some_and(|ip| ip.contains('.'))),
        case(format!("after:{time}"), move |row| row["at"].as_i64() >= Some(middle)),
        case(format!("before:{time}"), move |row| row["at"].as_i64() < Some(middle)),
        // The command has a clock of its own, so that only long spans mean the same.
        case("after:2d", |_| true),
        case("before:48h", |_| false),
        case("after:2020-01-01", |_| true),
        case("before:2020-01-01", |_| false),
        case(format!("session:{session}"), move |row| is(row, "session_id", &session_)),
        case(format!("grant:{grant}"), move |row| is(row, "grant_id", &grant_)),
        case(format!("object:{group}"), move |row| is(row, "object_id", &group_)),
        case(format!("request:{request}"), move |row| is(row, "request_id", &request_)),
        case("position:10..20", |row| (10..=20).contains(&row["position"].as_i64().unwrap())),
        case("position:..12", |row| row["position"].as_i64() <= Some(12)),
        case("position:30..", |row| row["position"].as_i64() >= Some(30)),
        case("position:11", |row| row["position"] == 11),
    ]
}

/// Excluded, joined, widened, quoted.
fn combined(history: &History) -> Vec<(String, Fits)> {
    let directory = &history.operator.server.directory;
    let (alice, bob, acme) = (directory.alice, directory.bob, directory.acme);
    let app = history.app.id;
    let middle = history.middle;
    let time = DateTime::from_timestamp_millis(middle).unwrap().to_rfc3339_opts(SecondsFormat::Millis, true);
    vec![
        case("-user:alice", move |row| !is(row, "user_id", &alice)),
        case("-user:nobody", |_| true),
        case("-ip:127.0.0.0/8", |row| !begins(row, "ip", "127.")),
        case("-actor:system:cli -action:sign_in.*", |row| {
            !is(row, "actor", &"system:cli") && !begins(row, "action", "sign_in.")
        }),
        case("-outcome:granted -outcome:done", |row| !is(row, "outcome", &"granted") && !is(row, "outcome", &"done")),
        case("user:alice user:bob", move |row| is(row, "user_id", &alice) || is(row, "user_id", &bob)),
        case("action:token.* -action:token.refreshed", |row| {
            begins(row, "action", "token.") && !is(row, "action", &"token.refreshed")
        }),
        case("user:alice client:app action:token.* action:code.replayed", move |row| {
            let action = begins(row, "action", "token.") || is(row, "action", &"code.replayed");
            is(row, "user_id", &alice) && is(row, "client_id", &app) && action
        }),
        case("user:alice -user:alice", |_| false),
        case(format!("after:{time} outcome:refused"), move |row| {
            row["at"].as_i64() >= Some(middle) && is(row, "outcome", &"refused")
        }),
        case(format!("-after:{time}"), move |row| row["at"].as_i64() < Some(middle)),
        case(format!("after:{time} after:2020-01-01"), |_| true),
        case("customer:acme -position:..20 ip:0.0.0.0/0 ip:::/0", move |row| {
            is(row, "customer_id", &acme) && row["position"].as_i64() > Some(20) && !row["ip"].is_null()
        }),
        case("client:\"app\" user:\"alice\"", move |row| is(row, "client_id", &app) && is(row, "user_id", &alice)),
        case("user:\"a \"\"b\"\" c\"", |_| false),
        case(" \t outcome:revoked  reason:signed_out ", |row| is(row, "reason", &"signed_out")),
    ]
}

fn positions<'a>(rows: impl Iterator<Item = &'a Value>) -> Vec<i64> {
    rows.map(|row| row["position"].as_i64().unwrap()).collect()
}

/// Page by page.
async fn paged(person: &Person, filter: &str) -> Vec<i64> {
    let (mut after, mut all) = ("0".to_owned(), Vec::new());
    loop {
        let answer = ask(person, ENTRIES, &[("query", filter), ("after", &after), ("limit", "7")]).await.json();
        let page = positions(answer["data"].as_array().unwrap().iter());
        assert!(page.len() <= 7, "{filter}");
        if page.is_empty() {
            return all;
        }
        after = answer["metaData"]["next"].to_string();
        all.extend(page);
    }
}

async fn over_http(person: &Person, filter: &str, expected: &[i64]) {
    let who = &person.user_name;
    assert_eq!(paged(person, filter).await, expected, "{who}, page by page: {filter}");
    let jsonl = ask(person, EXPORT, &[("query", filter)]).await;
    assert_eq!(jsonl.header("content-type"), Some("application/jsonl"), "{}", jsonl.text());
    assert_eq!(jsonl_positions(&jsonl.text()), expected, "{who}, exported: {filter}");
    let csv = ask(person, EXPORT, &[("query", filter), ("format", "csv")]).await;
    assert_eq!(csv_positions(&csv.text()), expected, "{who}, exported as a table: {filter}");
}

#[tokio::test]
async fn a_filter_that_the_api_honours_is_honoured_by_the_export_and_the_command_line() {
    let history = History::new().await;
    let directory = &history.operator.server.directory;
    let (domain, acme) = (directory.domain, directory.acme);
    let mut told = 0;
    for (filter, fits) in keys(&history).into_iter().chain(combined(&history)) {
        let asked = || history.rows.iter().filter(|row| fits(row));
        over_http(&history.admin, &filter, &positions(asked().filter(|row| is(row, "domain_id", &domain)))).await;
        over_http(&history.audrey, &filter, &positions(asked().filter(|row| is(row, "customer_id", &acme)))).await;
        let all = positions(asked());
        let searched = history.operator.run(&format!("audit search --limit 1000 --format jsonl {filter}")).await;
        let searched = String::from_utf8(searched.stdout).unwrap();
        let searched: Vec<Value> = searched.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(positions(searched.iter()), all, "on the command line: {filter}");
        told += usize::from(!all.is_empty() && all.len() < history.rows.len());
    }
    assert!(told > 35, "filters that tell entries apart: {told}");
    for (format, read) in [("jsonl", jsonl_positions as fn(&str) -> Vec<i64>), ("csv", csv_positions)] {
        let written = history.operator.run(&format!("audit export --format {format} action:token.* -user:bob")).await;
        let fits = |row: &&Value| begins(row, "action", "token.") && !is(row, "user_id", &directory.bob);
        let expected = positions(history.rows.iter().filter(fits));
        assert_eq!(read(&String::from_utf8(written.stdout).unwrap()), expected, "exported on the command line");
    }
}
