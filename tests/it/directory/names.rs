//! References and names on a real database.

use super::House;
use aggregates::{
    customer::Customer,
    domain::Domain,
    ids::{DomainId, UserId},
    user::{User, UserCommand},
};
use argus::directory::{
    Desk, DirectoryError,
    api_keys::{self, ApiKeyInput},
    customers::{self, NewCustomer},
    domains::{self, NewDomain},
    references,
    users::{self, NewUser},
};
use projections::api_keys as keys;

async fn domain(desk: &mut Desk, name: &str) -> DomainId {
    let id = desk.new_id();
    let input = NewDomain { short_name: name.to_owned(), name: name.to_owned() };
    let command = domains::create(desk, &input).await.unwrap();
    desk.execute::<Domain>(id, command).await.unwrap();
    let input = NewCustomer { short_name: name.to_owned(), name: name.to_owned(), parent: None };
    let command = customers::create(desk, DomainId::new(id), &input).await.unwrap();
    desk.execute::<Customer>(desk.new_id(), command).await.unwrap();
    DomainId::new(id)
}

async fn user(desk: &mut Desk, domain: DomainId, name: &str) -> Result<UserId, DirectoryError> {
    let id = UserId::new(desk.new_id());
    let input = NewUser { user_name: name.to_owned(), ..NewUser::default() };
    let command = users::create(desk, id, domain, &input).await?;
    desk.execute::<User>(id.uuid(), command).await?;
    Ok(id)
}

#[tokio::test]
async fn a_user_name_is_taken_in_any_case_but_only_in_its_domain() {
    let house = House::furnished().await;
    let mut desk = house.desk().await;
    let main = references::domain(&mut desk, "main").await.unwrap().id;
    let other = domain(&mut desk, "other").await;
    let alice = user(&mut desk, main, "alice").await.unwrap();
    assert!(matches!(user(&mut desk, main, "ALICE").await, Err(DirectoryError::Taken(_))));
    assert!(user(&mut desk, other, "alice").await.is_ok());
    desk.execute::<User>(alice.uuid(), UserCommand::Delete).await.unwrap();
    assert!(user(&mut desk, main, "alice").await.is_ok());
}

#[tokio::test]
async fn a_reference_reaches_nobody_in_another_domain() {
    let house = House::furnished().await;
    let mut desk = house.desk().await;
    let main = references::domain(&mut desk, "main").await.unwrap().id;
    let other = domain(&mut desk, "other").await;
    let alice = user(&mut desk, main, "alice").await.unwrap();
    let number = references::user(&mut desk, main, "alice").await.unwrap().number;
    for reference in ["alice".to_owned(), number.to_string(), alice.to_string()] {
        assert!(references::user(&mut desk, other, &reference).await.is_err(), "{reference}");
        assert_eq!(references::user(&mut desk, main, &reference).await.map(|row| row.id), Ok(alice));
    }
}

#[tokio::test]
async fn an_api_key_is_bounded_and_ends_with_its_owner() {
    let house = House::furnished().await;
    let mut desk = house.desk().await;
    let main = references::domain(&mut desk, "main").await.unwrap().id;
    let alice = user(&mut desk, main, "alice").await.unwrap();
    let input = ApiKeyInput {
        description: "script".to_owned(),
        sources: vec!["192.0.2.0/24".to_owned()],
        expiration_days: 90,
        read_only: true,
        functions: vec!["analyst".to_owned()],
        customers: vec![],
    };
    for wrong in [
        ApiKeyInput { sources: vec![], ..input.clone() },
        ApiKeyInput { functions: vec!["nothing".to_owned()], ..input.clone() },
        ApiKeyInput { customers: vec!["nowhere".to_owned()], ..input.clone() },
        ApiKeyInput { expiration_days: 0, ..input.clone() },
        ApiKeyInput { expiration_days: i64::from(i32::MAX), ..input.clone() },
    ] {
        assert!(matches!(wrong.meant(&mut desk, main).await, Err(DirectoryError::Invalid { .. })));
    }
    let new = input.meant(&mut desk, main).await.unwrap();
    let (command, shown) = api_keys::issue(&mut desk, new).await.unwrap();
    desk.execute::<User>(alice.uuid(), command).await.unwrap();
    let (prefix, secret) = shown.reveal().rsplit_once('/').unwrap();
    let hash: String = sqlx::query_scalar("SELECT secret_hash FROM api_keys WHERE prefix = $1")
        .bind(prefix)
        .fetch_one(desk.lane().connection())
        .await
        .unwrap();
    assert_eq!(hash, api_keys::secret_hash(secret).as_str());
    desk.execute::<User>(alice.uuid(), UserCommand::Delete).await.unwrap();
    let row = keys::find_by_prefix(desk.lane().connection(), &prefix.parse().unwrap()).await.unwrap().unwrap();
    assert!(
        row.revoked && row.constraints.read_only && row.constraints.functions.is_some_and(|names| names.len() == 1)
    );
}
