//! Read models from the log alone.

use super::House;
use argus::event_store::replay::{Replay, Until, fill_side, known};
use projections::READ_MODELS;
use serde_json::Value;
use sqlx::PgConnection;

const SEED: &str = include_str!("../../../src/cli/demo/seed.toml");
const MODELS: &[(&str, &[&str])] = &[
    ("domains", &["domains"]),
    ("customers", &["customers"]),
    ("functions", &["functions", "function_children"]),
    ("groups", &["groups", "group_members"]),
    ("users", &["users", "api_keys"]),
    ("permissions", &["permissions"]),
];

async fn rows(c: &mut PgConnection, table: &str) -> Value {
    let sql = format!("SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]') FROM {table} t");
    sqlx::query_scalar(&sql).fetch_one(c).await.unwrap()
}

async fn in_place(house: &House, model: &str) {
    let owner = house.database.owner_options();
    let replay = Replay { owner: &owner, unseal: &house.tools.keys, restart: false };
    replay.in_place(known(model).unwrap(), &mut |_| ()).await.unwrap();
}

#[tokio::test]
async fn a_rebuilt_directory_equals_the_live_one() {
    let house = House::furnished().await;
    house.apply(SEED).await.unwrap();
    let mut owner = house.test.owner().await;
    for (model, tables) in MODELS {
        let mut live = Vec::new();
        for table in *tables {
            live.push(rows(&mut owner, table).await);
        }
        in_place(&house, model).await;
        for (table, before) in tables.iter().zip(live) {
            assert_eq!(rows(&mut owner, table).await, before, "{table}");
        }
    }
}

#[tokio::test]
async fn who_was_erased_is_rebuilt_without_personal_data() {
    let house = House::furnished().await;
    house.apply(SEED).await.unwrap();
    let mut owner = house.test.owner().await;
    sqlx::query("DELETE FROM personal_keys WHERE subject_id = (SELECT id FROM users WHERE user_name = 'alice')")
        .execute(&mut owner)
        .await
        .unwrap();
    in_place(&house, "users").await;
    let users = rows(&mut owner, "users").await.to_string();
    assert!(!users.contains("alice") && !users.contains("Acme") && users.contains("anna"));
}

#[tokio::test]
async fn as_of_an_earlier_position_the_directory_is_what_it_was() {
    let house = House::furnished().await;
    let mut owner = house.test.owner().await;
    let tables = MODELS.iter().flat_map(|(_, tables)| *tables);
    let mut then = Vec::new();
    for table in tables.clone() {
        then.push(rows(&mut owner, table).await);
    }
    let position: i64 = sqlx::query_scalar("SELECT max(position) FROM events").fetch_one(&mut owner).await.unwrap();
    house.apply(SEED).await.unwrap();
    let owned = house.database.owner_options();
    let models = READ_MODELS.get(..MODELS.len()).unwrap();
    let mut side = fill_side(&owned, models, Until::Position(position), &house.tools.keys).await.unwrap();
    for (table, then) in tables.zip(then) {
        assert_eq!(rows(side.connection(), table).await, then, "{table}");
    }
    assert_ne!(rows(side.connection(), "users").await, rows(&mut owner, "users").await, "others have come since");
}
