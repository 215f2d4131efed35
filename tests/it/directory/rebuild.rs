//! Read models from the log alone.

use super::House;
use argus::event_store::rebuild::rebuild;
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
        rebuild(&house.database.owner_options(), model, &house.tools.keys, &mut |_, _| {}).await.unwrap();
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
    rebuild(&house.database.owner_options(), "users", &house.tools.keys, &mut |_, _| {}).await.unwrap();
    let users = rows(&mut owner, "users").await.to_string();
    assert!(!users.contains("alice") && !users.contains("Acme") && users.contains("anna"));
}
