//! A trail with something of everything: two clients, people of two customers, refusals, other addresses, changes by operators.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::{
    command_line::Operator,
    support::{
        directory::{desk, group},
        people::Person,
        relying_party::RelyingParty,
    },
};
use serde_json::Value;

pub(super) struct History {
    pub(super) operator: Operator,
    pub(super) app: RelyingParty,
    pub(super) reports: RelyingParty,
    pub(super) group: String,
    pub(super) admin: Person,
    pub(super) audrey: Person,
    /// A time in the middle, in milliseconds.
    pub(super) middle: i64,
    /// The rows as they are stored.
    pub(super) rows: Vec<Value>,
}

impl History {
    pub(super) async fn new() -> Self {
        let operator = Operator::new().await;
        let server = &operator.server;
        let globex = server.directory.globex;
        let app = server.confidential("app").await;
        let reports = server.client("reports", |definition| definition.customer = Some(globex)).await;
        let (admin, audrey) = (server.admin(), server.audrey());
        admin.sign_in().await;
        audrey.sign_in().await;
        first_half(&operator, &app).await;
        server.wait(3600);
        let middle = server.idp.now().millis();
        second_half(&operator, &app, &reports).await;
        let mut desk = desk(&server.idp).await;
        let group = group(&mut desk, server.directory.domain, "crew", "acme").await.to_string();
        desk.commit().await.unwrap();
        let rows = server.audit().await;
        Self { operator, app, reports, group, admin, audrey, middle, rows }
    }

    /// What the trail says of the first entry that fits.
    pub(super) fn first(&self, action: &str, column: &str) -> String {
        let row = self.rows.iter().find(|row| row["action"] == action && !row[column].is_null()).unwrap();
        row[column].as_str().unwrap().to_owned()
    }
}

async fn first_half(operator: &Operator, app: &RelyingParty) {
    let server = &operator.server;
    let (alice, bob) = (server.alice().at("203.0.113.9"), server.bob().at("2001:db8::7"));
    alice.post("/login", &[("username", "alice"), ("password", "not the password")]).await;
    alice.post("/login", &[("username", "nobody"), ("password", "not the password")]).await;
    alice.sign_in().await;
    bob.sign_in().await;
    bob.get(&app.authorize_url(&[])).await;
    let app = app.server.confidential("second").await.at("10.1.2.3");
    let tokens = app.tokens_for(&alice).await;
    app.refresh(&tokens).await;
    alice.sign_out().await;
}

async fn second_half(operator: &Operator, app: &RelyingParty, reports: &RelyingParty) {
    let server = &operator.server;
    let alice = server.alice();
    alice.sign_in().await;
    let code = app.authorize(&alice).await;
    let tokens = app.redeem(&code).await;
    app.refresh(&tokens).await;
    app.try_redeem(&code).await;
    app.try_redeem("junk").await;
    alice.get(&reports.authorize_url(&[])).await;
    let moved = format!("user move bob --to acme --reason {}", "=HYPERLINK(\"x\",\"y\")");
    operator.done(&moved).await;
}
