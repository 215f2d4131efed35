//! The command line, as the program that an operator runs, beside a server on the same database.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::support::{
    directory::{desk, group},
    server::TestServer,
    sessions,
};
use argus::config::Config;
use serde_json::{Value, json};
use std::{
    fs,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};
use tokio::time::sleep;

const FROM: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// A server, and settings of its database in a file.
pub(crate) struct Operator {
    pub(crate) server: TestServer,
    settings: PathBuf,
}

impl Operator {
    pub(crate) async fn new() -> Self {
        Self::with("").await
    }

    /// With more in the file than where the database is; the server has it too.
    async fn with(more: &str) -> Self {
        let sinks = Config::from_sources(more, []).ok().unwrap().sinks;
        let server = TestServer::start_with(|config| config.sinks = sinks).await;
        let config = &server.idp.config;
        let text = format!(
            "data_dir = '{}'\nlog.filter = 'warn'\ndatabase.connections = 4\ndatabase.url = '{}'\nkeys.master_key_file = '{}'\n{more}",
            config.data_dir.display(),
            config.database.url.as_ref().unwrap().expose(),
            config.keys.master_key_file.as_ref().unwrap().display(),
        );
        let settings = config.data_dir.join("argus.toml");
        fs::write(&settings, text).unwrap();
        Self { server, settings }
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_argus"));
        command.arg("--config").arg(&self.settings).args(line.split(' ')).stdin(Stdio::null());
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
    }

    pub(crate) async fn code(&self, line: &str) -> Option<i32> {
        self.run(line).await.status.code()
    }

    pub(crate) async fn done(&self, line: &str) {
        let output = self.run(line).await;
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) async fn listed(&self, line: &str) -> Vec<Value> {
        serde_json::from_slice(&self.run(&format!("{line} -o json")).await.stdout).unwrap()
    }

    async fn group(&self, id: &str) -> Option<Value> {
        self.listed("group list").await.into_iter().find(|row| row["id"] == id)
    }
}

#[tokio::test]
async fn a_user_is_moved_and_begins_again() {
    let operator = Operator::new().await;
    let alice = operator.server.directory.alice;
    assert_eq!(operator.code("user move alice --to nowhere").await, Some(3));
    operator.done("user move alice --to globex --reason merger").await;
    assert_eq!(operator.listed("user show alice").await[0]["customer"], "globex");
    operator.done("user delete alice").await;
    assert_eq!(operator.code("user show alice").await, Some(3));
    assert_eq!(operator.code("user reenable alice").await, Some(3), "a name of before names nobody");
    operator.done(&format!("user reenable {alice}")).await;
    assert_eq!(operator.listed("user show alice").await[0]["id"], json!(alice));
}

#[tokio::test]
async fn a_group_is_changed_ended_and_begins_again() {
    let operator = Operator::new().await;
    let mut desk = desk(&operator.server.idp).await;
    let id = group(&mut desk, operator.server.directory.domain, "crew", "acme").await.to_string();
    desk.commit().await.unwrap();
    assert_eq!(operator.code("group rename crew acme-analysts").await, Some(4));
    operator.done("group rename crew sailors").await;
    assert_eq!(operator.code("group describe sailors").await, Some(2), "there is something to say");
    operator.done("group describe sailors --name Sailors").await;
    operator.done("group describe sailors --description afloat").await;
    let row = operator.group(&id).await.unwrap();
    assert_eq!(
        (&row["short_name"], &row["name"], &row["description"]),
        (&json!("sailors"), &json!("Sailors"), &json!("afloat"))
    );
    operator.done("group move sailors --to globex").await;
    operator.done("group delete sailors").await;
    assert_eq!(operator.group(&id).await, None);
    assert_eq!(operator.code("group delete sailors").await, Some(3));
    operator.done(&format!("group reenable {}", row["number"])).await;
    assert_eq!(operator.group(&id).await, Some(row));
    let events = operator.server.events().await;
    let moved = events.iter().find(|event| event["type"] == "group.moved").unwrap();
    assert!(moved.to_string().contains(&operator.server.directory.globex.to_string()), "{moved}");
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let operator = Operator::new().await;
    let (idp, alice) = (&operator.server.idp, operator.server.directory.alice);
    for _ in 0..3 {
        sessions::start(idp, alice, FROM).await;
    }
    let all = operator.listed("session list alice").await;
    assert_eq!(all.len(), 3);
    assert_eq!((&all[0]["address"], &all[0]["constrained"]), (&json!("192.0.2.7"), &json!(false)));
    let end = format!("session end {}", all[1]["id"].as_str().unwrap());
    operator.done(&end).await;
    assert_eq!(operator.code(&end).await, Some(3), "it is over");
    assert_eq!(operator.code("session end nonsense").await, Some(3));
    let left = operator.listed("session list alice").await;
    assert_eq!(left, [all[0].clone(), all[2].clone()]);
    operator.done("session end-all alice").await;
    assert!(operator.listed("session list alice").await.is_empty());
}

#[tokio::test]
async fn sinks_are_listed_let_go_on_and_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let sinks = |named: &str| format!("[sinks.{named}]\ntype = 'jsonl'\npath = '{}/{named}'\n", dir.path().display());
    let operator = Operator::with(&(sinks("siem") + &sinks("gone"))).await;
    assert_eq!(operator.code("sink retry unknown").await, Some(3));
    assert_eq!(operator.code("sink forget unknown").await, Some(3));
    assert_eq!(operator.code("sink forget gone").await, Some(1), "it is configured");
    while operator.listed("sink list").await.iter().any(|row| row["behind"] != 0) {
        sleep(Duration::from_millis(50)).await;
    }
    let rows = operator.listed("sink list").await;
    let [gone, siem] = &rows[..] else { unreachable!("{rows:?}") };
    assert_eq!((&siem["name"], &siem["type"], &siem["status"]), (&json!("siem"), &json!("jsonl"), &json!("live")));
    assert!(siem["last_delivery"].is_string() && siem["error"].is_null() && siem["position"].as_i64() > Some(0));
    assert_eq!(gone["name"], "gone");
    operator.done("sink retry siem").await;
    let text = fs::read_to_string(&operator.settings).unwrap();
    fs::write(&operator.settings, text.replace(&sinks("gone"), &sinks("late"))).unwrap();
    let rows = operator.listed("sink list").await;
    let states: Vec<_> = rows.iter().map(|row| (&row["name"], &row["status"])).collect();
    let expected = [("gone", "not configured"), ("late", "new"), ("siem", "live")].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(states, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    operator.done("sink forget gone").await;
    assert_eq!(operator.listed("sink list").await.len(), 2);
}
