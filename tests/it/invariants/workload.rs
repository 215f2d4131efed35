//! A bit of everything that can happen, so that every kind of event is in the log.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    node::{Node, World},
    party::{Party, http},
};
use crate::support::directory::{
    ALICE_PASSWORD, desk, grant, issue_key, newcomer, operator, person, revoke, set_password, tell,
};
use aggregates::{
    customer::{Customer, CustomerCommand},
    domain::{Domain, DomainCommand},
    function::{Function, FunctionCommand},
    group::{Group, GroupCommand},
    ids::FunctionId,
    signing_key::{SigningKey, SigningKeyCommand},
    user::{User, UserCommand},
    values::{ApiKeyPrefix, Seconds},
};
use argus::{
    directory::{
        Desk, api_keys,
        apply::{Definitions, Surroundings, apply},
        customers,
        functions::{self, NewFunction},
        groups, references, users,
    },
    http::Idp,
};
use projections::signing_keys;
use serde_json::{Value, json};

/// A directory, and what it became.
const BEFORE: &str = "
[[function]]
short_name = 'report'
name = 'Report'
children = ['viewUsers', 'viewGroups']
[[customer]]
short_name = 'north'
name = 'North'
[[customer]]
short_name = 'fjord'
name = 'Fjord'
parent = 'north'
[[group]]
short_name = 'crew'
name = 'Crew'
customer = 'north'
users = ['carol', 'dave']
permissions = [{ function = 'report', customer = 'north' }]
[[group]]
short_name = 'fleet'
name = 'Fleet'
groups = ['crew']
[[group]]
short_name = 'gone'
name = 'Gone'
users = ['carol']
permissions = [{ function = 'report' }]
[[user]]
user_name = 'carol'
email = 'carol@mail.example'
email_verified = true
customer = 'north'
generate_password = true
permissions = [{ function = 'customerUser', customer = 'fjord' }]
[[user]]
user_name = 'dave'
";

const AFTER: &str = "
[[function]]
short_name = 'report'
name = 'Reports'
description = 'What was read'
children = ['viewUsers', 'viewCustomers']
[[customer]]
short_name = 'north'
name = 'The North'
disabled = true
[[group]]
short_name = 'crew'
name = 'The crew'
customer = 'north'
users = ['dave']
permissions = []
[[user]]
user_name = 'carol'
name = 'Carol'
email = 'carol@other.example'
phone = '+47 22 00 00 02'
blocked = true
permissions = []
";

/// Everything, once.
pub(super) async fn work(world: &World, node: &Node) {
    directory(world, &node.idp).await;
    let party = Party::confidential(world, node, "worker").await;
    clients(world, node).await;
    people(world, node).await;
    flows(world, node, &party).await;
    is_complete(world).await;
}

/// Every event that there is has happened: those that have a golden file.
async fn is_complete(world: &World) {
    let recorded: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT event_type || '.v' || event_version || '.json' FROM events")
            .fetch_all(&mut world.at.owner().await)
            .await
            .unwrap();
    let golden = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/aggregates/wire")).unwrap();
    let golden = golden.map(|file| file.unwrap().file_name().into_string().unwrap());
    let missing: Vec<_> = golden.filter(|file| !recorded.contains(file)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

async fn define(idp: &Idp, text: &str) {
    let file: Definitions = toml::from_str(text).unwrap();
    let mut desk = desk(idp).await;
    let surroundings = Surroundings { domain: &idp.config.domain(), variable: &|_| None };
    apply(&mut desk, &file, surroundings).await.unwrap();
    desk.commit().await.unwrap();
}

async fn directory(world: &World, idp: &Idp) {
    define(idp, BEFORE).await;
    define(idp, AFTER).await;
    places(world, idp).await;
    let erin = newcomer(idp, &world.directory, person("erin", "Erin", Some("acme"))).await;
    issue_key(idp, erin, &["10.0.0.0/8"]).await;
    let prefix = issue_key(idp, erin, &["10.0.0.0/8"]).await;
    let prefix: ApiKeyPrefix = prefix.rsplit_once('/').unwrap().0.parse().unwrap();
    let (now, life) = (idp.now(), Seconds(30 * 86_400));
    tell(idp, erin, api_keys::renew(prefix.clone(), life, now)).await;
    tell(idp, erin, UserCommand::RevokeApiKey { prefix }).await;
    tell(idp, erin, UserCommand::EndSessions).await;
    let frank = newcomer(idp, &world.directory, person("frank", "Frank", None)).await;
    grant(idp, &world.directory, frank, "auditor", Some("acme")).await;
    set_password(idp, frank, "a password for frank only", true).await;
    tell(idp, frank, UserCommand::Delete).await;
    subjects(world, idp).await;
}

/// What a file cannot say of users and groups: they move, end and begin again.
async fn subjects(world: &World, idp: &Idp) {
    let (domain, globex) = (world.directory.domain, world.directory.globex);
    let grace = newcomer(idp, &world.directory, person("grace", "Grace", Some("acme"))).await;
    for command in [UserCommand::ChangePicture, UserCommand::MarkDaemon { daemon: true }, UserCommand::Delete] {
        tell(idp, grace, command).await;
    }
    let mut desk = desk(idp).await;
    let row = projections::users::find_by_id(desk.lane().connection(), grace).await.unwrap().unwrap();
    let again = users::reenable(&mut desk, &row).await.unwrap();
    desk.execute::<User>(grace.uuid(), again).await.unwrap();
    let moved = users::move_to(&mut desk, domain, globex).await.unwrap();
    desk.execute::<User>(grace.uuid(), moved).await.unwrap();
    let fleet = references::group(&mut desk, domain, "fleet").await.unwrap();
    let renamed = groups::rename(&mut desk, &fleet, "armada".parse().unwrap()).await.unwrap();
    let moved = groups::move_to(&mut desk, domain, globex).await.unwrap();
    for command in [renamed, moved, GroupCommand::Delete] {
        desk.execute::<Group>(fleet.id.uuid(), command).await.unwrap();
    }
    let again = groups::reenable(&mut desk, &fleet).await.unwrap();
    desk.execute::<Group>(fleet.id.uuid(), again).await.unwrap();
    desk.commit().await.unwrap();
}

/// What a file cannot say: a group ends, a customer is let in and moves, a domain is renamed. And a signing key is retired.
async fn places(world: &World, idp: &Idp) {
    let (domain, now) = (world.directory.domain, idp.now());
    let mut desk = desk(idp).await;
    let gone = references::group(&mut desk, domain, "gone").await.unwrap().id;
    desk.execute::<Group>(gone.uuid(), GroupCommand::Delete).await.unwrap();
    let north = references::customer(&mut desk, domain, "north").await.unwrap().id;
    desk.execute::<Customer>(north.uuid(), CustomerCommand::Enable).await.unwrap();
    let moved = customers::move_below(&mut desk, domain, north, world.directory.acme).await.unwrap();
    desk.execute::<Customer>(north.uuid(), moved).await.unwrap();
    let named = "south".parse().unwrap();
    let named = customers::change_short_name(&mut desk, (domain, north), named).await.unwrap();
    desk.execute::<Customer>(north.uuid(), named).await.unwrap();
    let renamed = DomainCommand::Rename { name: "Another name".parse().unwrap() };
    desk.execute::<Domain>(domain.uuid(), renamed).await.unwrap();
    let keys = signing_keys::list_published(desk.lane().connection(), now).await.unwrap();
    let active = keys.iter().find(|key| key.status == "active").unwrap().id;
    let retire = SigningKeyCommand::Retire { published_for: Seconds(600), now };
    desk.lane().execute::<SigningKey>(active.uuid(), retire, &operator()).await.unwrap();
    graph(&mut desk).await;
    desk.commit().await.unwrap();
}

/// What a file cannot say of functions: they get other names, and end.
async fn graph(desk: &mut Desk) {
    let report = references::function(desk, "report").await.unwrap();
    let id = desk.new_id();
    let input =
        NewFunction { short_name: "brief".into(), name: "Brief".into(), description: String::new(), role: false };
    let create = functions::create(desk, &input).await.unwrap();
    desk.execute::<Function>(id, create).await.unwrap();
    let below = functions::add_child(desk, report.id, FunctionId::new(id)).await.unwrap();
    desk.execute::<Function>(report.id.uuid(), below).await.unwrap();
    desk.execute::<Function>(id, FunctionCommand::MarkRole { role: true }).await.unwrap();
    let brief = references::function(desk, "brief").await.unwrap();
    let rename = functions::rename(desk, &brief, "note".parse().unwrap()).await.unwrap();
    desk.execute::<Function>(id, rename).await.unwrap();
    let note = references::function(desk, "note").await.unwrap();
    functions::delete(desk, &note).await.unwrap();
}

async fn call(node: &Node, (method, path): (&str, &str), key: &str, body: &Value) -> u16 {
    let url = format!("{}/authentication/v1/{path}", node.url);
    let request = http().request(method.parse().unwrap(), url).header("Argus-API-Key", key).json(body);
    request.send().await.unwrap().status().as_u16()
}

/// Clients that change and go.
async fn clients(world: &World, node: &Node) {
    let key = world.directory.admin_key.as_str();
    for name in ["changing", "leaving"] {
        Party::confidential(world, node, name).await;
    }
    let put = |body: Value| async move { call(node, ("PUT", "oauth/client/changing"), key, &body).await };
    for change in [
        json!({"name": "Another name", "description": "Another description"}),
        json!({"redirectURIs": ["https://app.example/callback", "https://app.example/other"], "hidden": true}),
        json!({"clientSecret": "another secret that is long enough to be random"}),
        json!({"disabled": true}),
        json!({"disabled": false}),
        json!({"authenticationMethod": "none"}),
        json!({"permissionScope": "customerUser", "permittedScopes": ["openid", "email"], "maxSecurityLevel": "standard"}),
        json!({"openIDCustomClaims": [{"claim": "crew", "scope": "openid", "function": "report"}]}),
        json!({"requiredFunction": "customerUser", "clientIPRange": ["10.0.0.0/8", "127.0.0.1"]}),
    ] {
        assert_eq!(put(change.clone()).await, 200, "{change}");
    }
    assert_eq!(put(json!({"name": "Another name"})).await, 220);
    assert_eq!(put(json!({"name": ""})).await, 412);
    assert_eq!(call(node, ("POST", "oauth/client/changing/restore"), key, &json!({"to": 10})).await, 200);
    assert_eq!(call(node, ("DELETE", "oauth/client/leaving"), key, &json!({})).await, 200);
}

/// Sign-ins of every outcome.
async fn people(world: &World, node: &Node) {
    let sign_in = |name: &'static str, password: &'static str| async move {
        let body = json!({"userName": name, "password": password});
        let url = format!("{}/authentication/v1/password/authentication", node.url);
        let answer = http().post(url).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    for (name, password) in [("alice", "wrong"), ("nobody", "at all"), ("dave", "has none"), ("carol", "is blocked")] {
        assert_eq!(sign_in(name, password).await.0, 401, "{name}");
    }
    let (status, body) = sign_in("alice", ALICE_PASSWORD).await;
    assert_eq!(status, 200);
    let session = body["data"]["credentials"]["requestCredentialsData"].as_str().unwrap().to_owned();
    let again = http()
        .post(format!("{}/login", node.url))
        .header("Cookie", format!("argus_session={session}"))
        .header("Sec-Fetch-Site", "same-origin")
        .form(&[("username", "alice"), ("password", ALICE_PASSWORD)]);
    let narrower = http()
        .post(format!("{}/authentication/v1/session/constrain", node.url))
        .header("Authorization", format!("Bearer {session}"))
        .json(&json!({"customer": ["acme"], "readOnly": true}));
    assert_eq!(narrower.send().await.unwrap().status(), 200);
    assert_eq!(again.send().await.unwrap().status(), 303);
    let bob = node.session_of(world.directory.bob).await;
    let party = Party::public(world, node, "door").await;
    assert_eq!(party.authorize(&bob).await.unwrap().parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(party.sign_out(&bob).await.unwrap().status, 200);
    let forgotten = newcomer(&node.idp, &world.directory, person("erik", "Erik", Some("acme"))).await;
    let mut desk = desk(&node.idp).await;
    users::erase(&mut desk, forgotten).await.unwrap();
    desk.commit().await.unwrap();
}

/// Grants, refreshes, replays, reuse, and whatever ends them.
async fn flows(world: &World, node: &Node, party: &Party) {
    let alice = node.session_of(world.directory.alice).await;
    let group = party.http().post(format!("{}/useradmin/v2/group", node.url)).bearer_auth(&alice);
    assert_eq!(group.json(&json!({ "shortName": "mine", "name": "Mine" })).send().await.unwrap().status(), 403);
    let tokens = party.tokens(&alice).await;
    let next = party.refresh(tokens.text("refresh_token")).await.unwrap();
    assert_eq!(party.refresh(next.text("refresh_token")).await.unwrap().status, 200);
    // Two generations back: nobody repeats that.
    assert!(party.refresh(tokens.text("refresh_token")).await.unwrap().is_refusal("invalid_grant"));
    let code = party.authorize(&alice).await.unwrap().code();
    assert_eq!(party.redeem(&code).await.unwrap().status, 200);
    assert!(party.redeem(&code).await.unwrap().is_refusal("invalid_grant"));
    let other = Party::public(world, node, "thief").await;
    let code = party.authorize(&alice).await.unwrap().code();
    assert!(other.redeem(&code).await.unwrap().is_refusal("invalid_grant"));
    let tokens = other.tokens(&alice).await;
    assert_eq!(other.refresh(tokens.text("refresh_token")).await.unwrap().status, 200);
    assert!(other.refresh(tokens.text("refresh_token")).await.unwrap().is_refusal("invalid_grant"));
    let directory = &world.directory;
    let key = issue_key(&node.idp, directory.alice, &["127.0.0.0/8"]).await;
    let script = party.issue_to_script(&key).await.unwrap();
    assert_eq!(party.revoke(script.text("access_token")).await.unwrap().status, 200);
    assert_eq!(party.verify(script.text("access_token")).await.unwrap().status, 401);
    let code = party.authorize_in_portal(&alice).await.unwrap().body["data"]["authorizationCode"].clone();
    revoke(&node.idp, directory.alice, directory.function("analyst"), directory.acme).await;
    assert!(party.redeem(code.as_str().unwrap()).await.unwrap().is_refusal("invalid_grant"));
    grant(&node.idp, directory, directory.alice, "analyst", Some("acme")).await;
    tell(&node.idp, directory.alice, UserCommand::Block).await;
    assert!(party.authorize_in_portal(&alice).await.unwrap().status == 401);
    tell(&node.idp, directory.alice, UserCommand::Unblock).await;
}
