//! The command line, as the program that an operator runs, beside a server on the same database.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::evidence::support::settled;
use crate::support::{
    directory::{desk, group},
    postgres::scratch,
    server::TestServer,
    sessions,
};
use argus::config::Config;
use serde_json::{Value, json};
use sqlx::Executor;
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

    /// A command that was not started yet.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_argus"));
        command.arg("--config").arg(&self.settings).args(line.split(' ')).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, line: &str) -> Output {
        let mut command = self.command(line);
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
async fn a_client_is_put_out_of_use_and_back_beside_a_running_server() {
    let operator = Operator::new().await;
    let server = &operator.server;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let tokens = rp.tokens_for(&alice).await;
    for (line, code) in [
        ("client disable", 2),
        ("client disable nothing", 3),
        ("client enable nothing", 3),
        ("client disable app --expect-version 9", 4),
    ] {
        assert_eq!(operator.code(line).await, Some(code), "{line}");
    }
    assert!(rp.is_active(&tokens.access).await);

    operator.done("client disable app --reason incident").await;
    assert_eq!((rp.userinfo(&tokens.access).await.status, rp.introspect(&tokens.access).await.status), (401, 401));
    assert_eq!(rp.try_refresh(&tokens.refresh).await.status, 401);
    let event = server.events().await.into_iter().rfind(|event| event["stream"] == "client").unwrap();
    assert_eq!((&event["metadata"]["actor"], &event["metadata"]["reason"]), (&json!("system:cli"), &json!("incident")));
    let list = operator.run("client list").await.stdout;
    assert!(String::from_utf8_lossy(&list).contains("  disabled app "), "{}", String::from_utf8_lossy(&list));
    let before = server.count_events().await;
    operator.done(&format!("client disable {}", rp.client_id())).await;
    assert_eq!(server.count_events().await, before, "it is so already");

    operator.done("client enable app").await;
    assert!(!rp.is_active(&tokens.access).await, "what ended stays ended");
    let tokens = rp.tokens_for(&alice).await;
    assert!(rp.is_active(&tokens.access).await);
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

#[tokio::test]
async fn the_log_is_verified_beside_the_server_and_from_files_alone() {
    let operator = Operator::new().await;
    operator.server.audit().await;
    settled(&operator.server).await;
    let folder = scratch();
    let file = |name: &str| folder.join(name).display().to_string();
    let (log, evidence) = (file("log"), file("evidence"));
    assert_eq!(operator.code(&format!("audit verify --evidence {evidence}")).await, Some(1), "there is none yet");
    assert_eq!(operator.code(&format!("audit verify --export {log}")).await, Some(2), "without a key");
    let printed = operator.run(&format!("audit checkpoint --export {evidence}")).await;
    assert!(printed.status.success());
    let key = String::from_utf8(operator.run("audit key").await.stdout).unwrap();
    assert_eq!(operator.code(&format!("audit evidence {log}")).await, Some(0));
    assert_eq!(operator.code(&format!("audit evidence {log}")).await, Some(1), "it is there already");
    let offline = format!("audit verify --export {log} --evidence {evidence} --key {}", key.trim());
    for line in [format!("audit verify --evidence {evidence}"), "audit verify".to_owned(), offline.clone()] {
        let output = operator.run(&line).await;
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("verified through entry "), "{line}: {said}");
    }
    // What the documentation says of a line: its bytes are what is hashed.
    let first =
        "{ printf '\\0'; sed -n 's/^{\"event\":\\(.*\\)}$/\\1/p' \"$0\" | head -n 1 | tr -d '\\n'; } | sha256sum";
    let hash = Command::new("sh").args(["-c", first, &log]).output().unwrap().stdout;
    let leaf = fs::read_to_string(&evidence).unwrap().lines().next().unwrap().to_owned();
    assert!(leaf.contains(std::str::from_utf8(&hash[..64]).unwrap()), "{leaf}");
    // The same program, another log.
    let changed = fs::read_to_string(&log).unwrap().replacen("\"sequence\":1}", "\"sequence\":2}", 1);
    fs::write(&log, changed).unwrap();
    let output = operator.run(&offline).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(10), "{said}");
    assert!(said.contains("entry 0, position 1: the event was changed"), "{said}");
}

#[tokio::test]
async fn no_month_is_dropped_from_a_log_that_somebody_has_changed() {
    let operator = Operator::new().await;
    settled(&operator.server).await;
    assert_eq!(operator.code("audit checkpoint").await, Some(0));
    assert_eq!(operator.code("retention run --execute").await, Some(0));
    let change = "SET session_replication_role = replica; UPDATE events SET payload = '{}' WHERE position = 1";
    operator.server.at.owner().await.execute(change).await.unwrap();
    assert_eq!(operator.code("retention run").await, Some(0), "which only looks");
    assert_eq!(operator.code("retention run --execute").await, Some(10));
}

#[tokio::test]
async fn a_person_is_erased_only_when_that_is_said() {
    let operator = Operator::new().await;
    let named = async || {
        let sql = "SELECT count(*) FROM users WHERE user_name = 'alice'";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut operator.server.at.owner().await).await.unwrap()
    };
    assert_eq!(operator.code("user erase nobody --execute").await, Some(3));
    assert_eq!((operator.code("user erase alice").await, named().await), (Some(0), 1));
    assert_eq!((operator.code("user erase alice --execute").await, named().await), (Some(0), 0));
    let reenable = format!("user reenable {}", operator.server.directory.alice);
    assert_eq!(operator.code(&reenable).await, Some(1));
}
