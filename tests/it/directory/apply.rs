//! Declarative files.

use super::House;
use argus::directory::{DirectoryError, apply::Definitions};
use sqlx::Row;

const SEED: &str = include_str!("../../../src/cli/demo/seed.toml");

#[test]
fn an_unknown_key_is_refused() {
    for text in
        ["[[users]]", "[[user]]\nuser_name = 'a'\nrole = 'x'", "[[group]]\nshort_name = 'a'\nname = 'A'\nmembers = []"]
    {
        assert!(toml::from_str::<Definitions>(text).is_err(), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_of_the_file_happens() {
    let house = House::furnished().await;
    let before = events(&house).await;
    for (text, problem) in [
        (
            "[[customer]]\nshort_name = 'a'\nname = 'A'\n[[customer]]\nshort_name = 'b'\nname = 'B'\nparent = 'x'",
            "there is no customer \"x\"",
        ),
        ("[[function]]\nshort_name = 'a'\nname = 'A'\nchildren = ['a']", "the function would imply itself"),
        ("[[group]]\nshort_name = 'a'\nname = 'A'\ngroups = ['a']", "the group would be in itself"),
        (
            "[[user]]\nuser_name = '42'",
            "user_name: must be 1 to 64 characters of a-z, 0-9, . _ -, begin with a letter or digit, and be neither a number, a UUID nor a reserved name",
        ),
        ("[[user]]\nuser_name = 'a'\npassword_env = 'NONE'", "password_env: there is no variable NONE"),
        ("[[user]]\nuser_name = 'a'\npermissions = [{ function = 'x' }]", "there is no function \"x\""),
        (
            "[[customer]]\nshort_name = 'main'\nname = 'M'\ndisabled = true",
            "the root customer of a domain is neither moved nor disabled",
        ),
    ] {
        let refused = house.apply(text).await.err().map(|error| error.to_string());
        assert_eq!(refused.as_deref(), Some(problem), "{text}");
    }
    assert_eq!(events(&house).await, before);
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let house = House::furnished().await;
    let (changes, _) = house.apply(SEED).await.unwrap();
    assert!(changes > 20);
    let (again, applied) = house.apply(SEED).await.unwrap();
    assert_eq!((again, applied.drawn.len()), (0, 0));
}

#[tokio::test]
async fn a_list_that_is_given_is_the_whole_list() {
    let house = House::furnished().await;
    house.apply(SEED).await.unwrap();
    let smaller = "[[group]]\nshort_name = 'everybody'\nname = 'Everybody'\nusers = []\n";
    assert_eq!(house.apply(smaller).await.unwrap().0, 1);
    let untouched = "[[group]]\nshort_name = 'everybody'\nname = 'Everybody'\n";
    assert_eq!(house.apply(untouched).await.unwrap().0, 0);
}

#[tokio::test]
async fn a_drawn_password_is_drawn_once() {
    let house = House::furnished().await;
    let text = "[[user]]\nuser_name = 'eve'\ngenerate_password = true\n";
    assert_eq!(house.apply(text).await.unwrap().1.drawn.len(), 1);
    assert_eq!(house.apply(text).await.unwrap().0, 0);
    let both = "[[user]]\nuser_name = 'eve'\ngenerate_password = true\npassword_env = 'X'\n";
    assert!(matches!(house.apply(both).await, Err(DirectoryError::Invalid { .. })));
}

#[tokio::test]
async fn no_event_holds_personal_data_in_clear() {
    let house = House::furnished().await;
    house.apply(SEED).await.unwrap();
    let mut owner = house.test.owner().await;
    let row = sqlx::query("SELECT string_agg(payload::text || metadata::text, ' ') AS log FROM events")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    let log: String = row.try_get("log").unwrap();
    for datum in ["anna", "Anna Analyst", "alice@acme.example", "+4722000001", "mallory", "green like hope"] {
        assert!(!log.contains(datum), "{datum}");
    }
}

async fn events(house: &House) -> i64 {
    let mut owner = house.test.owner().await;
    sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&mut owner).await.unwrap()
}
