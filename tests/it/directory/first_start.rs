//! The first administrator comes once.

use super::House;
use aggregates::{
    user::{User, UserCommand},
    values::UserName,
};
use argus::directory::{bootstrap::ADMIN, references};
use projections::{domains, rights, users};
use zeroize::Zeroizing;

#[tokio::test]
async fn there_is_no_second_first_start_not_even_when_the_administrator_is_gone() {
    let house = House::furnished().await;
    assert!(house.first_start().await.is_none());
    let mut desk = house.desk().await;
    let domain = references::domain(&mut desk, "main").await.unwrap();
    let admin = references::user(&mut desk, domain.id, ADMIN).await.unwrap();
    desk.execute::<User>(admin.id.uuid(), UserCommand::Delete).await.unwrap();
    desk.commit().await.unwrap();
    assert!(house.first_start().await.is_none());
}

#[tokio::test]
async fn the_first_administrator_may_do_everything_with_a_password_that_must_be_changed() {
    let house = House::new().await;
    let first = house.first_start().await.unwrap();
    let mut desk = house.desk().await;
    let c = desk.lane().connection();
    let domain = domains::find_by_short_name(c, &first.domain.parse().unwrap()).await.unwrap().unwrap().id;
    let name: UserName = first.user_name.parse().unwrap();
    let admin = users::find_by_user_name(c, domain, &name).await.unwrap().unwrap();
    assert!(admin.must_change_password);
    let typed = Zeroizing::new(first.password.reveal().to_owned());
    assert_eq!(house.tools.passwords.verify(admin.password_hash.as_deref(), typed).await, Ok(true));
    for function in ["administrator", "createOAuthClients", "viewAuditTrail", "auditor", "manageSessions"] {
        let rights = rights::Rights::of(admin.id);
        assert!(rights::holds_everywhere(c, &rights, function, domain).await.unwrap(), "{function}");
    }
}

#[tokio::test]
async fn two_servers_that_start_at_once_make_one_administrator() {
    let house = House::new().await;
    let (one, other) = tokio::join!(house.first_start(), house.first_start());
    assert!(one.is_some() != other.is_some());
}
