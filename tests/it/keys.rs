//! Master key and signing keys on a real database.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::support::postgres::{TestDatabase, fresh};
use aggregates::{
    signing_key::SigningKeyError,
    values::{Seconds, Timestamp},
};
use argus::{
    clock::{Clock, ManualClock},
    config::Config,
    database::Database,
    entropy::{Entropy, SystemEntropy},
    event_store::{Actor, Context, EventStore},
    keys::{KeyMaker, Keys, KeysError, LEAD, MasterKey, SigningKeys, SigningKeysError},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use projections::{Unseal, personal_keys, signing_keys};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);
const LONGEST: Seconds = Seconds(600);

fn entropy() -> Arc<dyn Entropy> {
    Arc::new(SystemEntropy::default())
}

/// Settings with a master key file of this name, made when it is not there yet.
fn config_with(test: &TestDatabase, file: &str) -> Config {
    let mut config = test.config();
    let path = config.data_dir.join(file);
    if !path.exists() {
        MasterKey::create(&path, &SystemEntropy::default()).unwrap();
    }
    config.keys.master_key_file = Some(path);
    config
}

/// One server process, as far as keys go.
struct Node {
    database: Database,
    clock: Arc<ManualClock>,
    signing: SigningKeys,
}

async fn node(test: &TestDatabase) -> Node {
    let config = config_with(test, "master.key");
    let database = Database::open(&config).await.unwrap();
    let keys = Keys::open(&config, &database, entropy()).await.unwrap();
    let clock = Arc::new(ManualClock::at(NOON));
    let store = EventStore::start(database.options(), Arc::new(keys.clone()), clock.clone(), entropy()).await.unwrap();
    let connections = database.connections().clone();
    let maker = KeyMaker { keys, store, connections, clock: clock.clone(), entropy: entropy() };
    let signing = SigningKeys::open(maker).await.unwrap();
    Node { database, clock, signing }
}

fn context() -> Context {
    let request_id = "test".to_owned();
    Context { actor: Actor::System("system:test"), caller_ip: None, request_id, causation: None, reason: None }
}

fn kids(signing: &SigningKeys) -> Vec<String> {
    signing.jwks()["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// What a relying party does: find the key by `kid`, require the claims, check them.
fn verify(jwt: &str, jwks: &Value) -> Option<Value> {
    let set: JwkSet = serde_json::from_value(jwks.clone()).unwrap();
    let key = set.find(&decode_header(jwt).ok()?.kid?)?.clone();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&["portal"]);
    rules.set_issuer(&["https://idp.example"]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    decode(jwt, &DecodingKey::from_jwk(&key).ok()?, &rules).ok().map(|token| token.claims)
}

fn claims() -> Value {
    json!({ "iss": "https://idp.example", "aud": "portal", "sub": "alice", "exp": 4_000_000_000_u64 })
}

#[tokio::test]
async fn an_external_database_without_a_given_key_is_refused() {
    let test = fresh();
    let (config, database) = (test.config(), test.database().await);
    assert!(matches!(Keys::open(&config, &database, entropy()).await.err(), Some(KeysError::NotGiven)));
    assert!(!config.data_dir.join("master.key").exists());
}

#[tokio::test]
async fn the_key_of_another_database_is_refused() {
    let test = fresh();
    let database = test.database().await;
    let open = async |file| Keys::open(&config_with(&test, file), &database, entropy()).await.err();
    assert!(open("one.key").await.is_none());
    assert!(matches!(open("two.key").await, Some(KeysError::OtherKey)));
    assert!(open("one.key").await.is_none());
}

#[tokio::test]
async fn a_person_has_one_key_however_many_make_one() {
    let test = fresh();
    let database = test.database().await;
    let keys = Keys::open(&config_with(&test, "master.key"), &database, entropy()).await.unwrap();
    let mut c = database.connections().lease().await.unwrap();
    let alice = Uuid::from_u128(1);
    assert_eq!(personal_keys::find_by_subject(&mut c, alice).await.unwrap(), None);
    let first = personal_keys::insert(&mut c, alice, &keys.new_subject_key(alice).unwrap()).await.unwrap();
    let second = personal_keys::insert(&mut c, alice, &keys.new_subject_key(alice).unwrap()).await.unwrap();
    assert_eq!(first, second);
    let sealed = keys.seal(alice, &second, "email", "alice@example.com").unwrap();
    let found = personal_keys::find_by_subject(&mut c, alice).await.unwrap().unwrap();
    assert_eq!(Unseal::open(&keys, &found, &sealed).as_deref(), Some("alice@example.com"));
}

#[tokio::test]
async fn nodes_that_start_together_make_one_set_of_keys() {
    let test = fresh();
    config_with(&test, "master.key");
    let nodes = tokio::join!(node(&test), node(&test), node(&test));
    let rows = signing_keys::list(&mut test.owner().await).await.unwrap();
    let mut statuses: Vec<_> = rows.iter().map(|row| row.status.as_str()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["active", "successor"]);
    assert_eq!(kids(&nodes.0.signing), kids(&nodes.1.signing));
    assert_eq!(kids(&nodes.0.signing), kids(&nodes.2.signing));
}

#[tokio::test]
async fn a_successor_that_nobody_may_have_seen_is_not_rotated_in() {
    let test = fresh();
    let node = node(&test).await;
    let before = kids(&node.signing);
    node.clock.advance(Seconds(LEAD.0 - 1));
    let refused = node.signing.rotate(LONGEST, &context()).await;
    assert!(matches!(refused, Err(SigningKeysError::Refused(SigningKeyError::TooYoung))));
    node.signing.refresh().await.unwrap();
    assert_eq!(kids(&node.signing), before);
}

#[tokio::test]
async fn a_token_verifies_against_the_published_keys_until_it_has_expired() {
    let test = fresh();
    let (one, other) = (node(&test).await, node(&test).await);
    let old = one.signing.sign_jwt(&claims()).unwrap();
    assert_eq!(verify(&old, &other.signing.jwks()), Some(claims()));
    let before = kids(&one.signing);

    one.clock.advance(LEAD);
    one.signing.rotate(LONGEST, &context()).await.unwrap();
    let new = one.signing.sign_jwt(&claims()).unwrap();
    let after = kids(&one.signing);
    assert_eq!((&after[0], &after[1]), (&before[1], &before[0]), "the successor signs, the old key is still published");
    assert_eq!(after.len(), 3);
    assert_eq!(verify(&new, &other.signing.jwks()), Some(claims()), "the other node had published the successor");
    assert_eq!(verify(&old, &one.signing.jwks()), Some(claims()));

    one.clock.advance(Seconds(LONGEST.0 + 121));
    one.signing.refresh().await.unwrap();
    assert_eq!(verify(&old, &one.signing.jwks()), None);
    assert_eq!(verify(&new, &one.signing.jwks()), Some(claims()));
}

#[tokio::test]
async fn a_key_that_has_signed_for_long_enough_is_rotated_once_by_whichever_node_comes_first() {
    const EVERY: Seconds = Seconds(90 * 86_400);
    let test = fresh();
    let (one, other) = (node(&test).await, node(&test).await);
    let before = kids(&one.signing);
    for node in [&one, &other] {
        node.clock.advance(Seconds(EVERY.0 - 1));
        node.signing.rotate_when_due(EVERY, LONGEST).await.unwrap();
        assert_eq!(kids(&node.signing), before, "not yet");
        node.clock.advance(Seconds(1));
    }
    let (first, second) =
        tokio::join!(one.signing.rotate_when_due(EVERY, LONGEST), other.signing.rotate_when_due(EVERY, LONGEST),);
    first.unwrap();
    second.unwrap();
    let rows = signing_keys::list(&mut test.owner().await).await.unwrap();
    let mut statuses: Vec<_> = rows.iter().map(|row| row.status.as_str()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["active", "retired", "successor"]);
    for node in [&one, &other] {
        node.signing.refresh().await.unwrap();
        assert_eq!(kids(&node.signing)[..2], [before[1].clone(), before[0].clone()]);
        node.clock.advance(EVERY);
    }
    one.signing.rotate_when_due(EVERY, LONGEST).await.unwrap();
    assert_eq!(signing_keys::list(&mut test.owner().await).await.unwrap().len(), 4, "and again a period later");
}

#[tokio::test]
async fn what_is_stored_of_a_key_has_no_private_part() {
    let test = fresh();
    let node = node(&test).await;
    let mut c = node.database.connections().lease().await.unwrap();
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT payload::text FROM events WHERE event_type = 'signing_key.generated'")
            .fetch_all(&mut *c)
            .await
            .unwrap();
    assert_eq!(stored.len(), 2);
    for event in stored {
        let event: Value = serde_json::from_str(&event).unwrap();
        let members: Vec<_> = event["generated"]["public_jwk"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["e", "kty", "n"]);
        assert!(event["generated"]["sealed_private"].as_str().unwrap().starts_with("v1."));
    }
    assert!(node.clock.now() == NOON);
}
