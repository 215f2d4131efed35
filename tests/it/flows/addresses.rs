//! From where a token works, in every combination, over real sockets on loopback: a script at 127.0.0.2, an application at
//! 127.0.0.3, a browser at 127.0.0.4, and somebody at 127.0.0.5.

use super::scripts::{SCRIPT, issue};
use crate::support::{
    directory,
    relying_party::{INTROSPECT, RelyingParty, TOKEN, USERINFO, ranges},
    server::TestServer,
};
use reqwest::Client;
use std::{collections::HashMap, net::IpAddr, time::Duration};

const APPLICATION: &str = "127.0.0.3";
const BROWSER: &str = "127.0.0.4";
const SOMEBODY: &str = "127.0.0.5";
const SESSION: &str = "/authentication/v1/session";

/// The token's kind, the client's range, whether it has `requireSameClientIP`, who calls; then whether the token works with no
/// `X-Forwarded-For`, with the address that the token is bound to, with another one, and with something that is none.
const BEARER: &str = "
    script  127.0.0.3/32  -     bound        yes  yes  yes  yes
    script  127.0.0.3/32  -     application  -    yes  -    -
    script  127.0.0.3/32  -     somebody     -    -    -    -
    script  127.0.0.3/32  same  bound        yes  yes  yes  yes
    script  127.0.0.3/32  same  application  -    yes  -    -
    script  127.0.0.3/32  same  somebody     -    -    -    -
    script  127.0.0.2/31  -     bound        yes  yes  -    -
    script  127.0.0.2/31  -     application  -    yes  -    -
    script  127.0.0.2/31  -     somebody     -    -    -    -
    script  0.0.0.0/0     -     bound        yes  yes  yes  yes
    script  0.0.0.0/0     -     application  -    -    -    -
    script  0.0.0.0/0     -     somebody     -    -    -    -
    script  0.0.0.0/0     same  bound        yes  yes  yes  yes
    script  0.0.0.0/0     same  application  -    -    -    -
    script  0.0.0.0/0     same  somebody     -    -    -    -
    code    127.0.0.3/32  -     bound        -    -    -    -
    code    127.0.0.3/32  -     application  yes  yes  -    -
    code    127.0.0.3/32  -     somebody     -    -    -    -
    code    127.0.0.3/32  same  bound        -    -    -    -
    code    127.0.0.3/32  same  application  -    yes  -    -
    code    127.0.0.3/32  same  somebody     -    -    -    -
    code    0.0.0.0/0     -     bound        yes  -    -    -
    code    0.0.0.0/0     -     application  yes  -    -    -
    code    0.0.0.0/0     -     somebody     yes  -    -    -
    code    0.0.0.0/0     same  bound        -    -    -    -
    code    0.0.0.0/0     same  application  -    -    -    -
    code    0.0.0.0/0     same  somebody     -    -    -    -
";

/// The same at introspection, where the client authenticates; `401` where it may not ask from.
const AUTHENTICATED: &str = "
    script  127.0.0.3/32  -     bound        401  401  401  401
    script  127.0.0.3/32  -     application  -    yes  -    -
    script  127.0.0.3/32  -     somebody     401  401  401  401
    script  127.0.0.2/31  -     bound        yes  yes  -    -
    script  0.0.0.0/0     -     bound        yes  yes  -    -
    script  0.0.0.0/0     -     application  -    yes  -    -
    script  0.0.0.0/0     -     somebody     -    yes  -    -
    code    127.0.0.3/32  -     bound        401  401  401  401
    code    127.0.0.3/32  -     application  yes  yes  -    -
    code    127.0.0.3/32  -     somebody     401  401  401  401
    code    127.0.0.3/32  same  application  -    yes  -    -
    code    0.0.0.0/0     -     application  yes  yes  -    -
    code    0.0.0.0/0     -     somebody     yes  yes  -    -
    code    0.0.0.0/0     same  application  -    yes  -    -
    code    0.0.0.0/0     same  somebody     -    yes  -    -
";

/// A client for each kind of token and definition, with one token.
struct Stage {
    url: String,
    issued: HashMap<String, (RelyingParty, String)>,
}

impl Stage {
    async fn set() -> Self {
        let (server, url) = TestServer::listen().await;
        let key = directory::issue_key(&server.idp, server.directory.alice, &[SCRIPT]).await;
        let alice = server.alice().at(BROWSER);
        let mut issued = HashMap::new();
        for (n, row) in BEARER.lines().chain(AUTHENTICATED.lines()).filter(|row| !row.trim().is_empty()).enumerate() {
            let cells: Vec<_> = row.split_whitespace().take(3).collect();
            let [kind, range, same] = cells[..] else { unreachable!("{row}") };
            if issued.contains_key(&cells.join(" ")) {
                continue;
            }
            let define = |definition: &mut aggregates::client::Definition| {
                definition.ip_ranges = ranges(&[range]);
                definition.require_same_client_ip = same == "same";
            };
            let rp = server.client(&format!("app{n}"), define).await.at(APPLICATION);
            let token = match kind {
                "script" => issue(&rp, &key, &[("scope", "openid")]).await["access_token"].as_str().unwrap().to_owned(),
                _ => rp.tokens_for(&alice).await.access,
            };
            issued.insert(cells.join(" "), (rp, token));
        }
        Self { url, issued }
    }

    /// One row of a table, as it turns out at one endpoint.
    async fn played(&self, path: &str, row: &str) -> String {
        let cells: Vec<_> = row.split_whitespace().collect();
        let [kind, range, same, caller, ..] = cells[..] else { unreachable!("{row}") };
        let (rp, token) = &self.issued[&format!("{kind} {range} {same}")];
        let bound = if kind == "script" { SCRIPT } else { BROWSER };
        let from: IpAddr = match caller {
            "bound" => bound,
            "application" => APPLICATION,
            _ => SOMEBODY,
        }
        .parse()
        .unwrap();
        let http = Client::builder().local_address(from).build().unwrap();
        let mut turned_out = vec![kind, range, same, caller];
        for asserted in [None, Some(bound), Some("127.0.0.9"), Some("unknown")] {
            let url = format!("{}{path}", self.url);
            let mut request = match path {
                INTROSPECT => http.post(url).form(&rp.with_credentials(&[("token", token)])),
                _ => http.get(url).bearer_auth(token),
            };
            if let Some(asserted) = asserted {
                request = request.header("X-Forwarded-For", asserted);
            }
            let answer = request.send().await.unwrap();
            let (status, body) = (answer.status().as_u16(), answer.text().await.unwrap());
            turned_out.push(match (path, status) {
                (INTROSPECT, 200) if body == "{\"active\":false}" => "-",
                (INTROSPECT, 401) => "401",
                (_, 200) => "yes",
                (_, 401) => "-",
                _ => unreachable!("{row}: {status} {body}"),
            });
        }
        turned_out.join(" ")
    }

    async fn assert_is(&self, path: &str, table: &str) {
        for row in table.lines().filter(|row| !row.trim().is_empty()) {
            let expected = row.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(self.played(path, row).await, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn a_token_works_from_where_it_may_be_used_and_from_nowhere_else() {
    let stage = Stage::set().await;
    for path in [TOKEN, USERINFO, SESSION] {
        stage.assert_is(path, BEARER).await;
    }
    stage.assert_is(INTROSPECT, AUTHENTICATED).await;
}

#[tokio::test]
async fn a_token_in_the_wrong_place_is_recorded() {
    let server = TestServer::start().await;
    let rp = server.confidential("app").await;
    let tokens = rp.tokens_for(&server.alice()).await;
    let thief = rp.at("198.51.100.7");
    assert_eq!(thief.userinfo(&tokens.access).await.status, 401);
    // The answer did not wait for it.
    let recorded = async {
        loop {
            match server.events().await.pop().unwrap() {
                event if event["type"] == "grant.refused" => break event,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    let event = tokio::time::timeout(Duration::from_secs(20), recorded).await.unwrap();
    let refused = &event["payload"]["refused"];
    assert_eq!((&refused["step"], &refused["reason"]), (&"use".into(), &"address_not_the_tokens".into()));
    let entry = server.audit().await.pop().unwrap();
    assert_eq!((&entry["action"], &entry["ip"]), (&"token.refused".into(), &"198.51.100.7".into()));
}
