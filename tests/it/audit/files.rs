//! Exported files: what is in them, and that their last line can be checked with what every machine has.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{EXPORT, ask, history::History};
use crate::{
    command_line::Operator,
    support::server::{TestServer, with},
};
use aws_lc_rs::digest::{SHA256, digest};
use axum::{body::Body, http::Request};
use serde_json::Value;
use std::{
    fs,
    process::{Command, Stdio},
};

/// All but the last line, and the last one.
fn parts(text: &str) -> (&str, &str) {
    let end = text.trim_end_matches(['\r', '\n']).rfind('\n').map_or(0, |at| at + 1);
    text.split_at(end)
}

fn sha256(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The positions of the entries of an export, whose last line is right.
pub(super) fn jsonl_positions(text: &str) -> Vec<i64> {
    let (above, last) = parts(text);
    let lines: Vec<Value> = above.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last: Value = serde_json::from_str(last).unwrap();
    assert_eq!(last, serde_json::json!({ "rows": lines.len(), "sha256": sha256(above) }));
    lines.iter().map(|line| line["position"].as_i64().unwrap()).collect()
}

/// The same of a table.
pub(super) fn csv_positions(text: &str) -> Vec<i64> {
    let (above, last) = parts(text);
    let records = records(above);
    assert!(records.iter().all(|record| record.len() == records[0].len()), "{records:?}");
    assert_eq!(records[0][0], "position");
    assert_eq!(last, format!("# rows={} sha256={}\r\n", records.len() - 1, sha256(above)));
    records[1..].iter().map(|record| record[0].parse().unwrap()).collect()
}

/// RFC 4180, read by its letter.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(rest.next(), Some('\n'));
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            other => cell.push(other),
        }
    }
    assert!(!quoted && record.is_empty() && cell.is_empty(), "the last record is whole");
    records
}

#[tokio::test]
async fn a_file_is_verified_with_what_every_machine_has() {
    let history = History::new().await;
    let folder = tempfile::tempdir().unwrap();
    for (format, sum) in [
        ("jsonl", r#"tail -n 1 "$0" | sed 's/.*"sha256":"\([0-9a-f]*\)".*/\1/'"#),
        ("csv", r#"tail -n 1 "$0" | sed 's/.*sha256=\([0-9a-f]*\).*/\1/'"#),
    ] {
        let file = folder.path().join(format!("trail.{format}"));
        let line = format!("audit export --format {format} --out {}", file.display());
        history.operator.done(&line).await;
        let script = format!(r#"test "$(head -n -1 "$0" | sha256sum | cut -d' ' -f1)" = "$({sum})""#);
        let verified = |script: &str| Command::new("sh").args(["-c", script]).arg(&file).status().unwrap().success();
        assert!(verified(&script), "{format}");
        let before = fs::read(&file).unwrap();
        assert_eq!(history.operator.code(&line).await, Some(1), "nothing is written over");
        assert_eq!(fs::read(&file).unwrap(), before);
        fs::write(&file, String::from_utf8(before).unwrap().replacen("granted", "refused", 1)).unwrap();
        assert!(!verified(&script), "a changed {format} file");
    }
}

#[tokio::test]
async fn a_reader_that_has_enough_is_no_failure() {
    let operator = Operator::new().await;
    operator.server.audit().await;
    for line in ["audit search", "audit export"] {
        let mut child = operator.command(line).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let status = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
        assert!(status.success(), "{line}");
    }
}

#[tokio::test]
async fn a_table_holds_no_formula() {
    let history = History::new().await;
    let csv = ask(&history.admin, EXPORT, &[("query", "action:user.moved"), ("format", "csv")]).await.text();
    let records = records(parts(&csv).0);
    let note = records[0].iter().position(|column| column == "note").unwrap();
    assert_eq!(records[1][note], "'=HYPERLINK(\"x\",\"y\")");
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""), "{csv}");
}

#[tokio::test]
async fn an_export_is_longer_than_any_page() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.sign_in().await;
    server.audit().await;
    let more = "INSERT INTO audit (position, at, action, outcome, actor, domain_id, count)
        SELECT 1000000 + n, n, 'user.renamed', 'done', 'system:test', $1, 1 FROM generate_series(1, 2500) n";
    sqlx::query(more).bind(server.directory.domain.uuid()).execute(&mut server.at.owner().await).await.unwrap();
    for (filter, expected) in [("actor:system:test", 2500), ("actor:system:test position:..1001000", 1000)] {
        let exported = jsonl_positions(&ask(&admin, EXPORT, &[("query", filter)]).await.text());
        assert_eq!(exported, (1_000_001..=1_000_000 + expected).collect::<Vec<_>>(), "{filter}");
    }
}

#[tokio::test]
async fn an_export_that_broke_off_has_no_last_line() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.sign_in().await;
    server.audit().await;
    // The second page holds what cannot be shown.
    let more = "INSERT INTO audit (position, at, action, outcome, actor, domain_id, scopes, count)
        SELECT 1000000 + n, n, 'user.renamed', 'done', 'system:test', $1, CASE WHEN n = 1500 THEN ARRAY[NULL]::text[] END, 1
        FROM generate_series(1, 2500) n";
    sqlx::query(more).bind(server.directory.domain.uuid()).execute(&mut server.at.owner().await).await.unwrap();
    let url = format!("{EXPORT}?query=actor:system:test");
    let request = Request::get(url).body(Body::empty()).unwrap();
    let request = with("authorization", &format!("Bearer {}", admin.session_token()), request);
    let (status, whole, text) = server.part_of(request).await;
    assert_eq!((status, whole), (200, false), "the connection breaks");
    assert_eq!(text.lines().count(), 1000);
    assert!(!text.contains("sha256"), "no last line");
}
