//! The rules of a customer, as stories.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

use super::*;
use crate::{
    given::given,
    ids::{CustomerId, DomainId},
    wire::assert_golden,
};
use uuid::Uuid;

const DOMAIN: DomainId = DomainId::new(Uuid::from_u128(1));
const ROOT: CustomerId = CustomerId::new(Uuid::from_u128(2));
const OTHER: CustomerId = CustomerId::new(Uuid::from_u128(3));

fn create(short_name_taken: bool, parent_fact: ParentFact) -> CustomerCommand {
    CustomerCommand::Create {
        number: 2,
        domain: DOMAIN,
        parent: Some(ROOT),
        short_name: "acme".parse().unwrap(),
        name: "Acme".parse().unwrap(),
        short_name_taken,
        parent_fact,
    }
}

fn created(parent: Option<CustomerId>) -> CustomerEvent {
    CustomerEvent::Created {
        number: 2,
        domain: DOMAIN,
        parent,
        short_name: "acme".parse().unwrap(),
        name: "Acme".parse().unwrap(),
    }
}

#[test]
fn a_taken_short_name_is_refused() {
    assert_eq!(given::<Customer>([]).decide(create(true, ParentFact::Fits)), Err(CustomerError::ShortNameTaken));
}

#[test]
fn an_unfit_parent_is_refused() {
    assert_eq!(given::<Customer>([]).decide(create(false, ParentFact::Unfit)), Err(CustomerError::UnfitParent));
}

#[test]
fn a_customer_is_created_once() {
    assert_eq!(
        given::<Customer>([created(None)]).decide(create(false, ParentFact::Fits)),
        Err(CustomerError::AlreadyExists)
    );
}

#[test]
fn a_customer_that_does_not_exist_refuses_everything_else() {
    for command in
        [CustomerCommand::Rename { name: "A".parse().unwrap() }, CustomerCommand::Disable, CustomerCommand::Enable]
    {
        assert_eq!(given::<Customer>([]).decide(command), Err(CustomerError::NotFound));
    }
}

#[test]
fn the_root_is_neither_moved_nor_disabled() {
    let root = given::<Customer>([created(None)]);
    assert_eq!(root.decide(CustomerCommand::Disable), Err(CustomerError::Root));
    assert_eq!(
        root.decide(CustomerCommand::Move { parent: OTHER, parent_fact: ParentFact::Fits }),
        Err(CustomerError::Root)
    );
}

#[test]
fn a_customer_cannot_lie_below_itself() {
    let below = CustomerCommand::Move { parent: OTHER, parent_fact: ParentFact::Below };
    assert_eq!(given::<Customer>([created(Some(ROOT))]).decide(below), Err(CustomerError::Cycle));
}

#[test]
fn a_customer_is_created_below_its_parent_and_moved() {
    assert_eq!(given::<Customer>([]).decide(create(false, ParentFact::Fits)), Ok(vec![created(Some(ROOT))]));
    let customer = given::<Customer>([created(Some(ROOT))]);
    let move_to = |parent| CustomerCommand::Move { parent, parent_fact: ParentFact::Fits };
    assert_eq!(customer.decide(move_to(OTHER)), Ok(vec![CustomerEvent::Moved { parent: OTHER }]));
    assert_eq!(customer.decide(move_to(ROOT)), Ok(vec![]));
}

#[test]
fn a_customer_takes_a_short_name_that_nobody_else_has() {
    let change = |short_name_taken| CustomerCommand::ChangeShortName {
        short_name: "acme-ltd".parse().unwrap(),
        short_name_taken,
    };
    let customer = given::<Customer>([created(Some(ROOT))]);
    assert_eq!(given::<Customer>([]).decide(change(false)), Err(CustomerError::NotFound));
    assert_eq!(customer.decide(change(true)), Err(CustomerError::ShortNameTaken));
    let changed = CustomerEvent::ShortNameChanged { short_name: "acme-ltd".parse().unwrap() };
    assert_eq!(customer.decide(change(false)), Ok(vec![changed.clone()]));
    assert_eq!(given::<Customer>([created(Some(ROOT)), changed]).decide(change(false)), Ok(vec![]));
}

#[test]
fn a_customer_is_disabled_and_enabled_once_each() {
    let enabled = given::<Customer>([created(Some(ROOT))]);
    assert_eq!(enabled.decide(CustomerCommand::Enable), Ok(vec![]));
    assert_eq!(enabled.decide(CustomerCommand::Disable), Ok(vec![CustomerEvent::Disabled {}]));
    let disabled = given::<Customer>([created(Some(ROOT)), CustomerEvent::Disabled {}]);
    assert_eq!(disabled.decide(CustomerCommand::Disable), Ok(vec![]));
    assert_eq!(disabled.decide(CustomerCommand::Enable), Ok(vec![CustomerEvent::Enabled {}]));
}

#[test]
fn events_are_stored_as_ever() {
    let events = [
        created(Some(ROOT)),
        CustomerEvent::Renamed { name: "Acme Ltd".parse().unwrap() },
        CustomerEvent::ShortNameChanged { short_name: "acme-ltd".parse().unwrap() },
        CustomerEvent::Moved { parent: OTHER },
        CustomerEvent::Disabled {},
        CustomerEvent::Enabled {},
    ];
    assert_golden(CustomerEvent::STORED_AS, &events);
}
