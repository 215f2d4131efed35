//! Every list and search, as the description names them: pages that are none, orders that are none, words that mean something to a
//! database, and conditions without end.

use super::{callers::Stage, objects};
use crate::support::server::{Answer, json as json_request, with};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

const EVIL: [&str; 8] = [
    "'",
    "%",
    "_",
    "\\",
    "\"",
    "'; DROP TABLE users; --",
    "%' OR '1'='1",
    "id) UNION SELECT secret_hash FROM api_keys --",
];
const NO_PAGES: [(&str, &str); 7] = [
    ("limit", "-1"),
    ("limit", "2147483648"),
    ("limit", "99999999999999999999"),
    ("limit", "x"),
    ("offset", "-1"),
    ("offset", "2147483648"),
    ("offset", "1e3"),
];

/// A call that answers in pages.
struct List {
    method: &'static str,
    route: String,
    /// Names in its query, or in its body.
    fields: Vec<String>,
}

/// All of them.
async fn lists(stage: &Stage) -> Vec<List> {
    let description = stage.server.get("/docs/api/openapi.json").await.json();
    let mut lists = Vec::new();
    for (route, operations) in description["paths"].as_object().unwrap() {
        let parameters = operations["get"]["parameters"].as_array().into_iter().flatten();
        let fields: Vec<_> = parameters
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        if fields.iter().any(|name| name == "limit") {
            lists.push(List { method: "GET", route: route.clone(), fields });
        }
        let body = &operations["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        if let (true, Some(body)) = (route.ends_with("/search"), body.as_str()) {
            let fields = description.pointer(&format!("{}/properties", body.trim_start_matches('#')));
            let fields = fields.unwrap().as_object().unwrap().keys().cloned().collect();
            lists.push(List { method: "POST", route: route.clone(), fields });
        }
    }
    lists
}

impl List {
    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field == name)
    }

    /// Asks as the administrator: in the query of a list, in the body of a search.
    async fn ask(&self, stage: &Stage, name: &str, value: &Value) -> Answer {
        let path = objects::path(stage, self.method, &self.route).await;
        if self.method == "POST" {
            return self.send(stage, json_request("POST", &path, &json!({ name: value }))).await;
        }
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let text: String = byte_serialize(text.as_bytes()).collect();
        let more = if path.contains('?') { '&' } else { '?' };
        self.send(stage, Request::get(format!("{path}{more}{name}={text}")).body(Body::empty()).unwrap()).await
    }

    async fn send(&self, stage: &Stage, request: Request<Body>) -> Answer {
        stage.server.call(with("argus-api-key", &stage.server.directory.admin_key, request)).await
    }

    #[track_caller]
    fn refuses(&self, answer: &Answer, field: &str, what: &str) {
        assert_eq!(answer.status, 412, "{} {} {field}={what}: {}", self.method, self.route, answer.text());
        let body = answer.json();
        let named = body["messages"].as_array().unwrap().iter().map(|message| message["field"].as_str().unwrap());
        let named: Vec<_> = named.map(|name| name.split('[').next().unwrap()).collect();
        assert_eq!(named, [field], "{} {} {field}={what}", self.method, self.route);
    }

    /// A value as a list or a search takes it.
    fn one(&self, value: &str) -> Value {
        if self.method == "POST" { json!([value]) } else { json!(value) }
    }
}

#[tokio::test]
async fn no_list_takes_a_page_or_an_order_that_is_none() {
    let stage = Stage::set().await;
    let lists = lists(&stage).await;
    let (mut pages, mut orders) = (0, 0);
    for list in &lists {
        for (field, text) in NO_PAGES {
            let value = text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number));
            list.refuses(&list.ask(&stage, field, &value).await, field, text);
            pages += 1;
        }
        for order in EVIL.into_iter().chain(["-", "--id", "secret", "password", "id,name"]) {
            if list.has("sortBy") {
                list.refuses(&list.ask(&stage, "sortBy", &list.one(order)).await, "sortBy", order);
                orders += 1;
            }
        }
    }
    println!("{} lists and searches: {pages} pages and {orders} orders refused", lists.len());
    assert!(lists.len() >= 30 && orders >= 300, "the description is read wrongly");
}

#[tokio::test]
async fn a_word_is_looked_for_letter_by_letter() {
    let stage = Stage::set().await;
    let mut asked = 0;
    for list in lists(&stage).await {
        for field in ["keyword", "keywords"] {
            if !list.has(field) {
                continue;
            }
            for word in EVIL {
                let answer = list.ask(&stage, field, &list.one(word)).await;
                let what = format!("{} {} {field}={word}", list.method, list.route);
                assert_eq!((answer.status, &answer.json()["count"]), (200, &json!(0)), "{what}: {}", answer.text());
                asked += 1;
            }
            let nothing = list.ask(&stage, field, &list.one("a\0")).await;
            assert!([200, 412].contains(&nothing.status), "{}: {}", list.route, nothing.text());
            assert_eq!(nothing.json()["count"].as_i64(), Some(0), "{}", list.route);
        }
    }
    println!("{asked} times a word that could have found everything found nothing");
    assert!(asked >= 150, "the description is read wrongly");
}

#[tokio::test]
async fn conditions_have_one_level_of_others() {
    let stage = Stage::set().await;
    let searches: Vec<_> = lists(&stage).await.into_iter().filter(|list| list.method == "POST").collect();
    for list in &searches {
        let path = objects::path(&stage, "POST", &list.route).await;
        for depth in [2, 100, 127, 128, 10_000] {
            let body = format!("{}{{}}{}", "{\"subCriteria\":[".repeat(depth), "]}".repeat(depth));
            let request = Request::post(&path).header("content-type", "application/json").body(body.into()).unwrap();
            let answer = list.send(&stage, request).await;
            assert_eq!(answer.status, 412, "{} at depth {depth}: {}", list.route, answer.text());
        }
        if list.has("subCriteria") {
            assert_eq!(list.ask(&stage, "subCriteria", &json!([{}])).await.status, 200, "{}", list.route);
        }
    }
    println!("{} searches, none of them nested", searches.len());
    assert!(searches.len() >= 13, "the description is read wrongly");
}
