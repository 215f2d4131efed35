//! Every route, asked by every kind of caller; and what the answers have in common.

use super::{
    callers::Stage,
    objects::{self, CANARY},
    samples,
    table::{CALLERS, Caller, Row, rows},
};
use crate::support::{relying_party::REDIRECT_URI, server::Answer};
use axum::http::Method;
use sqlx::PgConnection;
use std::{collections::BTreeSet, fmt::Write, str::FromStr};

const ROUTER: &str = include_str!("../../../src/router.rs");

/// Whatever the router serves: method and path.
fn routes() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for rest in ROUTER.split(".route(").skip(1) {
        let (path, handlers) = inside(rest).split_once(',').unwrap();
        let path = path.trim();
        let path = if path == "assets::ROUTE" { argus::pages::assets::ROUTE } else { path.trim_matches('"') };
        let word_before = |at| handlers[..at].rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap();
        let methods = handlers.match_indices('(').map(|(at, _)| word_before(at).to_uppercase());
        // Where a HEAD must not be a GET, this stands around both.
        found.extend(methods.filter(|method| method != "WITHOUT_HEAD").map(|method| (method, path.to_owned())));
    }
    found
}

/// Up to the parenthesis that closes one which was opened before.
fn inside(text: &str) -> &str {
    let mut open = 1;
    let end = text.find(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open == 0
    });
    &text[..end.unwrap()]
}

#[test]
fn the_table_has_every_route_once() {
    let routes = routes();
    let mut unknown = routes.iter().filter(|(method, _)| Method::from_str(method).is_err() || method.len() > 6);
    assert_eq!(unknown.next(), None, "the router's source is read wrongly");
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(seen.insert((row.method.to_owned(), row.route.to_owned())), "twice: {row:?}");
    }
    assert_eq!(routes.difference(&seen).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "no row for these");
    assert_eq!(seen.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "no route for these");
}

/// What the table calls this answer.
fn outcome(answer: &Answer) -> String {
    if answer.status != 303 {
        return answer.status.to_string();
    }
    let location = answer.location();
    let path = location.split('?').next().unwrap();
    match path {
        REDIRECT_URI if answer.location_parameter("code").is_some() => "code",
        REDIRECT_URI if answer.location_parameter("error").as_deref() == Some("access_denied") => "denied",
        "/" => "home",
        "/login" => "login",
        "/password" => "password",
        "/oauth2/authorize" => "again",
        _ => location,
    }
    .to_owned()
}

fn is_page(route: &str) -> bool {
    !route.starts_with("/authentication/") && !route.contains("/v1/") && !route.contains("/v2/")
}

struct Matrix {
    stage: Stage,
    owner: PgConnection,
    wrong: String,
    asked: usize,
}

impl Matrix {
    async fn ask(&mut self, row: &Row, caller: Caller, expected: &str) {
        let credential = self.stage.credential(caller).await;
        let path = objects::path(&self.stage, row.method, row.route).await;
        let request = samples::request(&self.stage, row, caller, &path);
        let before = self.events().await;
        let answer = self.stage.server.call(credential.sign(is_page(row.route), request)).await;
        let recorded = self.events().await - before;
        self.asked += 1;
        let mut note =
            |what: String| writeln!(self.wrong, "{} {} by {caller:?}: {what}", row.method, row.route).unwrap();
        let got = outcome(&answer);
        if got != expected {
            note(format!("{got}, not {expected}: {}", String::from_utf8_lossy(&answer.body)));
        }
        if recorded > 0 && (answer.status >= 400 || row.method == "GET" && expected != "code" && expected != "denied") {
            note(format!("{recorded} events of a request that changes nothing"));
        }
        if caller == Caller::Reader && recorded > 0 && !is_page(row.route) && !row.route.contains("/password/") {
            note(format!("{recorded} events by who only reads"));
        }
        let said = String::from_utf8_lossy(&answer.body).to_lowercase();
        if [Caller::Other, Caller::Below].contains(&caller) && said.contains(CANARY) {
            note(format!("tells of acme: {said}"));
        }
        if expected == "404" && !objects::variables(row.route).is_empty() {
            let missing = samples::request(&self.stage, row, caller, &objects::path_to_nothing(row.method, row.route));
            let missing = self.stage.server.call(credential.sign(is_page(row.route), missing)).await;
            if (missing.status, &missing.body) != (answer.status, &answer.body) {
                note("what is hidden is not like what is not there".to_owned());
            }
        }
    }

    /// How many events there are of something that was done, not refused.
    async fn events(&mut self) -> i64 {
        let sql = "SELECT count(*) FROM events WHERE event_type NOT LIKE '%refused'";
        sqlx::query_scalar(sql).fetch_one(&mut self.owner).await.unwrap()
    }
}

#[tokio::test]
async fn every_route_answers_every_caller_as_the_table_says() {
    let stage = Stage::set().await;
    let owner = stage.server.at.owner().await;
    let mut matrix = Matrix { stage, owner, wrong: String::new(), asked: 0 };
    let rows = rows();
    for row in &rows {
        for (caller, expected) in CALLERS.into_iter().zip(row.expected) {
            matrix.ask(row, caller, expected).await;
        }
    }
    assert!(matrix.wrong.is_empty(), "\n{}", matrix.wrong);
    println!("{} requests to {} routes, answered as the table says", matrix.asked, rows.len());
}
