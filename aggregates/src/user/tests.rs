//! The rules of a user, as stories.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

use super::*;
use crate::{
    given::given,
    ids::{CustomerId, DomainId, FunctionId},
    values::{ApiKeyPrefix, Constraints, IpRanges, PasswordHash, Permission, Sealed, Seconds, Timestamp},
    wire::assert_golden,
};
use std::collections::BTreeSet;
use uuid::Uuid;

const DOMAIN: DomainId = DomainId::new(Uuid::from_u128(1));
const CUSTOMER: CustomerId = CustomerId::new(Uuid::from_u128(2));
const FUNCTION: FunctionId = FunctionId::new(Uuid::from_u128(3));
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const DAY: i64 = 86_400;

fn sealed() -> Sealed {
    Sealed::new("sealed".to_owned())
}

fn create(user_name_taken: bool, customer_fits: bool) -> UserCommand {
    UserCommand::Create {
        number: 1,
        domain: DOMAIN,
        customer: CUSTOMER,
        profile: sealed(),
        user_name_taken,
        customer_fits,
    }
}

fn created() -> UserEvent {
    UserEvent::Created { number: 1, domain: DOMAIN, customer: CUSTOMER, profile: sealed() }
}

fn hash() -> PasswordHash {
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".parse().unwrap()
}

fn prefix() -> ApiKeyPrefix {
    "1ab/2c".parse().unwrap()
}

fn issue(prefix_taken: bool, life: Seconds) -> UserCommand {
    let key = NewApiKey {
        prefix: prefix(),
        secret_hash: "ab".repeat(32).parse().unwrap(),
        sources: IpRanges::try_from(vec!["192.0.2.0/24".parse().unwrap()]).unwrap(),
        description: "Nightly report".parse().unwrap(),
        constraints: Constraints::new(Some(BTreeSet::from([FUNCTION])), None, true).unwrap(),
        expires_at: NOW.after(life),
    };
    UserCommand::IssueApiKey { key, prefix_taken, now: NOW }
}

fn issued() -> UserEvent {
    UserEvent::ApiKeyIssued {
        prefix: prefix(),
        secret_hash: "ab".repeat(32).parse().unwrap(),
        sources: IpRanges::try_from(vec!["192.0.2.0/24".parse().unwrap()]).unwrap(),
        description: "Nightly report".parse().unwrap(),
        constraints: Constraints::new(Some(BTreeSet::from([FUNCTION])), None, true).unwrap(),
        expires_at: NOW.after(Seconds(90 * DAY)),
    }
}

fn grant(function_exists: bool, customer_fits: bool) -> UserCommand {
    UserCommand::GrantPermission {
        permission: Permission { function: FUNCTION, customer: CUSTOMER },
        function_exists,
        customer_fits,
    }
}

fn granted() -> UserEvent {
    UserEvent::PermissionGranted { function: FUNCTION, customer: CUSTOMER }
}

fn password_set() -> UserEvent {
    UserEvent::PasswordSet { hash: hash(), must_change: true }
}

#[test]
fn a_taken_user_name_is_refused() {
    assert_eq!(given::<User>([]).decide(create(true, true)), Err(UserError::UserNameTaken));
    let change = UserCommand::ChangeProfile { profile: sealed(), user_name_taken: true, email_changed: false };
    assert_eq!(given::<User>([created()]).decide(change), Err(UserError::UserNameTaken));
}

#[test]
fn a_user_of_a_customer_elsewhere_is_refused() {
    assert_eq!(given::<User>([]).decide(create(false, false)), Err(UserError::NoSuchCustomer));
}

#[test]
fn a_user_who_does_not_exist_or_was_deleted_refuses_everything() {
    for events in [vec![], vec![created(), UserEvent::Deleted {}]] {
        let set_password = UserCommand::SetPassword { hash: hash(), must_change: false };
        for command in [
            set_password,
            UserCommand::Unblock,
            move_to(CUSTOMER, true),
            UserCommand::Delete,
            issue(false, Seconds(DAY)),
            grant(true, true),
        ] {
            assert_eq!(given::<User>(events.clone()).decide(command), Err(UserError::NotFound));
        }
    }
    assert_eq!(
        given::<User>([created(), UserEvent::Deleted {}]).decide(create(false, true)),
        Err(UserError::AlreadyExists)
    );
}

fn reenable(user_name_taken: bool, customer_fits: bool) -> UserCommand {
    UserCommand::Reenable { user_name_taken, customer_fits }
}

fn move_to(customer: CustomerId, customer_fits: bool) -> UserCommand {
    UserCommand::Move { customer, customer_fits }
}

#[test]
fn a_user_whose_name_has_gone_to_another_or_whose_customer_is_closed_stays_deleted() {
    assert_eq!(given::<User>([]).decide(reenable(false, true)), Err(UserError::NotFound));
    let deleted = given::<User>([created(), UserEvent::Deleted {}]);
    assert_eq!(deleted.decide(reenable(true, true)), Err(UserError::UserNameTaken));
    assert_eq!(deleted.decide(reenable(false, false)), Err(UserError::NoSuchCustomer));
}

#[test]
fn a_user_begins_again_with_nothing_that_ended() {
    let before = [created(), granted(), issued(), password_set(), UserEvent::Blocked {}, UserEvent::Deleted {}];
    let deleted = given::<User>(before.clone());
    assert_eq!(deleted.decide(reenable(false, true)), Ok(vec![UserEvent::Reenabled {}]));
    let again = given::<User>(before.into_iter().chain([UserEvent::Reenabled {}]));
    assert_eq!(again.epoch(), deleted.epoch());
    assert_eq!(again.decide(UserCommand::RevokeApiKey { prefix: prefix() }), Err(UserError::NoSuchApiKey));
    assert_eq!(again.decide(grant(true, true)), Ok(vec![granted()]));
    assert_eq!(again.decide(UserCommand::Unblock), Ok(vec![]));
    assert_eq!(again.decide(reenable(true, false)), Ok(vec![]));
}

#[test]
fn who_was_erased_does_not_begin_again() {
    let erased = given::<User>([created(), UserEvent::Deleted {}, UserEvent::Erased {}]);
    assert_eq!(erased.decide(reenable(false, true)), Err(UserError::Erased));
    assert_eq!(given::<User>([]).decide(UserCommand::Erase), Err(UserError::NotFound));
}

#[test]
fn a_user_is_erased_once_and_ends_with_it() {
    let gone = vec![UserEvent::Deleted {}, UserEvent::Erased {}];
    assert_eq!(given::<User>([created()]).decide(UserCommand::Erase), Ok(gone.clone()));
    assert_eq!(given::<User>([created(), UserEvent::Blocked {}]).decide(UserCommand::Erase), Ok(gone.clone()));
    let deleted = given::<User>([created(), UserEvent::Deleted {}]);
    assert_eq!(deleted.decide(UserCommand::Erase), Ok(vec![UserEvent::Erased {}]));
    let erased = given::<User>([created()].into_iter().chain(gone));
    assert_eq!(erased.decide(UserCommand::Erase), Ok(vec![]));
}

#[test]
fn a_user_moves_to_an_open_customer_once() {
    let elsewhere = CustomerId::new(Uuid::from_u128(9));
    assert_eq!(given::<User>([created()]).decide(move_to(elsewhere, false)), Err(UserError::NoSuchCustomer));
    assert_eq!(given::<User>([created()]).decide(move_to(CUSTOMER, true)), Ok(vec![]));
    let moved = UserEvent::Moved { customer: elsewhere };
    assert_eq!(given::<User>([created()]).decide(move_to(elsewhere, true)), Ok(vec![moved.clone()]));
    assert_eq!(given::<User>([created(), moved]).decide(move_to(elsewhere, true)), Ok(vec![]));
}

#[test]
fn an_account_is_marked_as_technical_once() {
    let mark = |daemon| UserCommand::MarkDaemon { daemon };
    assert_eq!(given::<User>([created()]).decide(mark(false)), Ok(vec![]));
    assert_eq!(given::<User>([created()]).decide(mark(true)), Ok(vec![UserEvent::DaemonMarked { daemon: true }]));
    let marked = given::<User>([created(), UserEvent::DaemonMarked { daemon: true }]);
    assert_eq!(marked.decide(mark(true)), Ok(vec![]));
    assert_eq!(marked.decide(mark(false)), Ok(vec![UserEvent::DaemonMarked { daemon: false }]));
}

#[test]
fn no_api_key_lives_for_ever_or_is_born_dead() {
    for life in [-1, 0, MAX_API_KEY_DAYS * DAY + 1, i64::MAX] {
        assert_eq!(
            given::<User>([created()]).decide(issue(false, Seconds(life))),
            Err(UserError::ApiKeyExpiry),
            "{life}"
        );
    }
}

#[test]
fn an_api_key_prefix_is_used_once() {
    assert_eq!(given::<User>([created()]).decide(issue(true, Seconds(DAY))), Err(UserError::ApiKeyPrefixTaken));
}

#[test]
fn a_key_that_was_revoked_is_unknown() {
    let events = [created(), issued(), UserEvent::ApiKeyRevoked { prefix: prefix() }];
    assert_eq!(
        given::<User>(events).decide(UserCommand::RevokeApiKey { prefix: prefix() }),
        Err(UserError::NoSuchApiKey)
    );
}

#[test]
fn a_key_that_is_over_is_not_renewed() {
    let expires = NOW.after(Seconds(90 * DAY));
    let renew = |now: Timestamp, life| UserCommand::RenewApiKey { prefix: prefix(), expires_at: now.after(life), now };
    let revoked = [created(), issued(), UserEvent::ApiKeyRevoked { prefix: prefix() }];
    assert_eq!(given::<User>(revoked).decide(renew(NOW, Seconds(DAY))), Err(UserError::NoSuchApiKey));
    let live = given::<User>([created(), issued()]);
    assert_eq!(live.decide(renew(expires, Seconds(DAY))), Err(UserError::ApiKeyExpired));
    for life in [-1, 0, MAX_API_KEY_DAYS * DAY + 1, i64::MAX] {
        assert_eq!(live.decide(renew(NOW, Seconds(life))), Err(UserError::ApiKeyExpiry), "{life}");
    }
}

#[test]
fn a_permission_names_a_function_and_a_customer_that_exist() {
    assert_eq!(given::<User>([created()]).decide(grant(false, true)), Err(UserError::NoSuchFunction));
    assert_eq!(given::<User>([created()]).decide(grant(true, false)), Err(UserError::NoSuchCustomer));
}

#[test]
fn a_user_is_created_without_a_password() {
    assert_eq!(given::<User>([]).decide(create(false, true)), Ok(vec![created()]));
}

#[test]
fn blocking_a_password_and_deletion_raise_the_epoch_and_unblocking_does_not_lower_it() {
    let epoch = |events: &[UserEvent]| given::<User>(events.to_vec()).epoch();
    assert_eq!(epoch(&[created(), granted(), issued()]), 0);
    assert_eq!(epoch(&[created(), password_set()]), 1);
    assert_eq!(epoch(&[created(), UserEvent::Blocked {}, UserEvent::Unblocked {}]), 1);
    assert_eq!(epoch(&[created(), UserEvent::Blocked {}, UserEvent::Deleted {}]), 2);
}

#[test]
fn blocking_twice_is_blocking_once() {
    assert_eq!(given::<User>([created()]).decide(UserCommand::Block), Ok(vec![UserEvent::Blocked {}]));
    let blocked = given::<User>([created(), UserEvent::Blocked {}]);
    assert_eq!(blocked.decide(UserCommand::Block), Ok(vec![]));
    assert_eq!(blocked.decide(UserCommand::Unblock), Ok(vec![UserEvent::Unblocked {}]));
}

#[test]
fn another_e_mail_address_has_to_be_verified_again() {
    let changed = |email_changed| UserEvent::ProfileChanged { profile: sealed(), email_changed };
    let same = given::<User>([created(), UserEvent::EmailVerified {}, changed(false)]);
    assert_eq!(same.decide(UserCommand::VerifyEmail), Ok(vec![]));
    let other = given::<User>([created(), UserEvent::EmailVerified {}, changed(true)]);
    assert_eq!(other.decide(UserCommand::VerifyEmail), Ok(vec![UserEvent::EmailVerified {}]));
}

#[test]
fn a_key_is_issued_and_revoked() {
    assert_eq!(given::<User>([created()]).decide(issue(false, Seconds(90 * DAY))), Ok(vec![issued()]));
    let revoked = given::<User>([created(), issued()]).decide(UserCommand::RevokeApiKey { prefix: prefix() });
    assert_eq!(revoked, Ok(vec![UserEvent::ApiKeyRevoked { prefix: prefix() }]));
}

#[test]
fn a_key_is_renewed_for_as_long_as_it_is_alive() {
    let (now, later) = (NOW.after(Seconds(89 * DAY)), NOW.after(Seconds(179 * DAY)));
    let renew = |now| UserCommand::RenewApiKey { prefix: prefix(), expires_at: later, now };
    let renewed = UserEvent::ApiKeyRenewed { prefix: prefix(), expires_at: later };
    assert_eq!(given::<User>([created(), issued()]).decide(renew(now)), Ok(vec![renewed.clone()]));
    let again = given::<User>([created(), issued(), renewed.clone()]);
    assert_eq!(again.decide(renew(NOW.after(Seconds(91 * DAY)))), Ok(vec![renewed]));
}

#[test]
fn a_permission_is_granted_once() {
    assert_eq!(given::<User>([created()]).decide(grant(true, true)), Ok(vec![granted()]));
    assert_eq!(given::<User>([created(), granted()]).decide(grant(true, true)), Ok(vec![]));
}

#[test]
fn no_hash_and_no_profile_is_shown_by_debug() {
    assert!(!format!("{:?}", [password_set(), created(), issued()]).contains("argon2id"));
    assert!(!format!("{:?}", issued()).contains("abab"));
}

#[test]
fn events_are_stored_as_ever() {
    let events = [
        created(),
        UserEvent::ProfileChanged { profile: sealed(), email_changed: true },
        UserEvent::EmailVerified {},
        password_set(),
        UserEvent::Blocked {},
        UserEvent::Unblocked {},
        UserEvent::SessionsEnded {},
        UserEvent::Deleted {},
        UserEvent::Erased {},
        UserEvent::Reenabled {},
        UserEvent::Moved { customer: CUSTOMER },
        UserEvent::PictureChanged {},
        UserEvent::DaemonMarked { daemon: true },
        issued(),
        UserEvent::ApiKeyRenewed { prefix: prefix(), expires_at: NOW.after(Seconds(90 * DAY)) },
        UserEvent::ApiKeyRevoked { prefix: prefix() },
        granted(),
        UserEvent::PermissionRevoked { function: FUNCTION, customer: CUSTOMER },
    ];
    assert_golden(UserEvent::STORED_AS, &events);
}
