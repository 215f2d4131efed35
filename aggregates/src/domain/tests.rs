//! The rules of a domain, as stories.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

use super::*;
use crate::{given::given, wire::assert_golden};

fn create(short_name_taken: bool) -> DomainCommand {
    DomainCommand::Create {
        number: 1,
        short_name: "main".parse().unwrap(),
        name: "Main".parse().unwrap(),
        short_name_taken,
    }
}

fn created() -> DomainEvent {
    DomainEvent::Created { number: 1, short_name: "main".parse().unwrap(), name: "Main".parse().unwrap() }
}

fn renamed() -> DomainEvent {
    DomainEvent::Renamed { name: "Other".parse().unwrap() }
}

#[test]
fn a_taken_short_name_is_refused() {
    assert_eq!(given::<Domain>([]).decide(create(true)), Err(DomainError::ShortNameTaken));
}

#[test]
fn a_domain_is_created_once() {
    assert_eq!(given::<Domain>([created()]).decide(create(false)), Err(DomainError::AlreadyExists));
}

#[test]
fn a_domain_that_does_not_exist_cannot_be_renamed() {
    assert_eq!(
        given::<Domain>([]).decide(DomainCommand::Rename { name: "Other".parse().unwrap() }),
        Err(DomainError::NotFound)
    );
}

#[test]
fn a_domain_is_created_and_renamed() {
    assert_eq!(given::<Domain>([]).decide(create(false)), Ok(vec![created()]));
    let rename = |name: &str| DomainCommand::Rename { name: name.parse().unwrap() };
    assert_eq!(given::<Domain>([created()]).decide(rename("Other")), Ok(vec![renamed()]));
    assert_eq!(given::<Domain>([created(), renamed()]).decide(rename("Other")), Ok(vec![]));
}

#[test]
fn events_are_stored_as_ever() {
    assert_golden(DomainEvent::STORED_AS, &[created(), renamed()]);
}
