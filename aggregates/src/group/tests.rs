//! The rules of a group, as stories.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

use super::*;
use crate::{
    given::given,
    ids::{CustomerId, DomainId, FunctionId, GroupId, UserId},
    values::Permission,
    wire::assert_golden,
};
use uuid::Uuid;

const DOMAIN: DomainId = DomainId::new(Uuid::from_u128(1));
const CUSTOMER: CustomerId = CustomerId::new(Uuid::from_u128(2));
const FUNCTION: FunctionId = FunctionId::new(Uuid::from_u128(3));
const ALICE: Member = Member::User(UserId::new(Uuid::from_u128(4)));
const OTHERS: Member = Member::Group(GroupId::new(Uuid::from_u128(5)));

fn create(short_name_taken: bool, customer_fits: bool) -> GroupCommand {
    GroupCommand::Create {
        number: 1,
        domain: DOMAIN,
        customer: CUSTOMER,
        short_name: "staff".parse().unwrap(),
        name: "Staff".parse().unwrap(),
        description: "All of us".parse().unwrap(),
        short_name_taken,
        customer_fits,
    }
}

fn created() -> GroupEvent {
    GroupEvent::Created {
        number: 1,
        domain: DOMAIN,
        customer: CUSTOMER,
        short_name: "staff".parse().unwrap(),
        name: "Staff".parse().unwrap(),
        description: "All of us".parse().unwrap(),
    }
}

fn grant(function_exists: bool, customer_fits: bool) -> GroupCommand {
    GroupCommand::GrantPermission {
        permission: Permission { function: FUNCTION, customer: CUSTOMER },
        function_exists,
        customer_fits,
    }
}

fn granted() -> GroupEvent {
    GroupEvent::PermissionGranted { function: FUNCTION, customer: CUSTOMER }
}

#[test]
fn a_taken_short_name_is_refused() {
    assert_eq!(given::<Group>([]).decide(create(true, true)), Err(GroupError::ShortNameTaken));
}

#[test]
fn a_group_of_a_customer_elsewhere_is_refused() {
    assert_eq!(given::<Group>([]).decide(create(false, false)), Err(GroupError::NoSuchCustomer));
}

#[test]
fn a_group_that_does_not_exist_or_was_deleted_refuses_everything() {
    for events in [vec![], vec![created(), GroupEvent::Deleted {}]] {
        for command in [grant(true, true), GroupCommand::Delete, GroupCommand::RemoveMember { member: ALICE }] {
            assert_eq!(given::<Group>(events.clone()).decide(command), Err(GroupError::NotFound));
        }
    }
    assert_eq!(
        given::<Group>([created(), GroupEvent::Deleted {}]).decide(create(false, true)),
        Err(GroupError::AlreadyExists)
    );
}

fn reenable(short_name_taken: bool, customer_fits: bool) -> GroupCommand {
    GroupCommand::Reenable { short_name_taken, customer_fits }
}

#[test]
fn a_group_whose_name_has_gone_to_another_or_whose_customer_is_closed_stays_deleted() {
    assert_eq!(given::<Group>([]).decide(reenable(false, true)), Err(GroupError::NotFound));
    let deleted = given::<Group>([created(), GroupEvent::Deleted {}]);
    assert_eq!(deleted.decide(reenable(true, true)), Err(GroupError::ShortNameTaken));
    assert_eq!(deleted.decide(reenable(false, false)), Err(GroupError::NoSuchCustomer));
}

#[test]
fn a_group_begins_again_with_its_members_and_without_permissions() {
    let before = [created(), GroupEvent::MemberAdded { member: ALICE }, granted(), GroupEvent::Deleted {}];
    assert_eq!(given::<Group>(before.clone()).decide(reenable(false, true)), Ok(vec![GroupEvent::Reenabled {}]));
    let again = given::<Group>(before.into_iter().chain([GroupEvent::Reenabled {}]));
    let add = GroupCommand::AddMember { member: ALICE, member_fact: MemberFact::Fits };
    assert_eq!(again.decide(add), Ok(vec![]));
    assert_eq!(again.decide(grant(true, true)), Ok(vec![granted()]));
    assert_eq!(again.decide(reenable(true, false)), Ok(vec![]));
}

#[test]
fn a_group_takes_no_name_of_another_and_its_own_only_once() {
    let rename =
        |name: &str, short_name_taken| GroupCommand::Rename { short_name: name.parse().unwrap(), short_name_taken };
    let renamed = GroupEvent::Renamed { short_name: "crew".parse().unwrap() };
    assert_eq!(given::<Group>([created()]).decide(rename("crew", true)), Err(GroupError::ShortNameTaken));
    assert_eq!(given::<Group>([created()]).decide(rename("staff", false)), Ok(vec![]));
    assert_eq!(given::<Group>([created()]).decide(rename("crew", false)), Ok(vec![renamed.clone()]));
    assert_eq!(given::<Group>([created(), renamed]).decide(rename("crew", false)), Ok(vec![]));
}

#[test]
fn a_group_moves_to_an_open_customer_once() {
    let customer = CustomerId::new(Uuid::from_u128(9));
    let move_to = |customer, customer_fits| GroupCommand::Move { customer, customer_fits };
    assert_eq!(given::<Group>([created()]).decide(move_to(customer, false)), Err(GroupError::NoSuchCustomer));
    assert_eq!(given::<Group>([created()]).decide(move_to(CUSTOMER, true)), Ok(vec![]));
    let moved = GroupEvent::Moved { customer };
    assert_eq!(given::<Group>([created()]).decide(move_to(customer, true)), Ok(vec![moved]));
}

#[test]
fn a_group_cannot_be_in_itself() {
    let add = |member_fact| GroupCommand::AddMember { member: OTHERS, member_fact };
    assert_eq!(given::<Group>([created()]).decide(add(MemberFact::Above)), Err(GroupError::Cycle));
    assert_eq!(given::<Group>([created()]).decide(add(MemberFact::Missing)), Err(GroupError::NoSuchMember));
}

#[test]
fn a_permission_names_a_function_and_a_customer_that_exist() {
    assert_eq!(given::<Group>([created()]).decide(grant(false, true)), Err(GroupError::NoSuchFunction));
    assert_eq!(given::<Group>([created()]).decide(grant(true, false)), Err(GroupError::NoSuchCustomer));
}

#[test]
fn a_member_is_added_and_removed_once() {
    assert_eq!(given::<Group>([]).decide(create(false, true)), Ok(vec![created()]));
    let add = GroupCommand::AddMember { member: ALICE, member_fact: MemberFact::Fits };
    assert_eq!(given::<Group>([created()]).decide(add.clone()), Ok(vec![GroupEvent::MemberAdded { member: ALICE }]));
    let with = given::<Group>([created(), GroupEvent::MemberAdded { member: ALICE }]);
    assert_eq!(with.decide(add), Ok(vec![]));
    let remove = GroupCommand::RemoveMember { member: ALICE };
    assert_eq!(with.decide(remove.clone()), Ok(vec![GroupEvent::MemberRemoved { member: ALICE }]));
    assert_eq!(given::<Group>([created()]).decide(remove), Ok(vec![]));
}

#[test]
fn a_permission_is_granted_and_revoked_once() {
    assert_eq!(given::<Group>([created()]).decide(grant(true, true)), Ok(vec![granted()]));
    let with = given::<Group>([created(), granted()]);
    assert_eq!(with.decide(grant(true, true)), Ok(vec![]));
    let revoke = GroupCommand::RevokePermission { permission: Permission { function: FUNCTION, customer: CUSTOMER } };
    assert_eq!(
        with.decide(revoke.clone()),
        Ok(vec![GroupEvent::PermissionRevoked { function: FUNCTION, customer: CUSTOMER }])
    );
    assert_eq!(given::<Group>([created()]).decide(revoke), Ok(vec![]));
}

#[test]
fn events_are_stored_as_ever() {
    let events = [
        created(),
        GroupEvent::Described { name: "All".parse().unwrap(), description: "Everybody".parse().unwrap() },
        GroupEvent::Renamed { short_name: "crew".parse().unwrap() },
        GroupEvent::Moved { customer: CUSTOMER },
        GroupEvent::Reenabled {},
        GroupEvent::MemberAdded { member: ALICE },
        GroupEvent::MemberRemoved { member: OTHERS },
        granted(),
        GroupEvent::PermissionRevoked { function: FUNCTION, customer: CUSTOMER },
        GroupEvent::Deleted {},
    ];
    assert_golden(GroupEvent::STORED_AS, &events);
}
