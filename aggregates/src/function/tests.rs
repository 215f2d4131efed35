//! The rules of a function, as stories.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

use super::*;
use crate::{given::given, ids::FunctionId, wire::assert_golden};
use uuid::Uuid;

const CHILD: FunctionId = FunctionId::new(Uuid::from_u128(7));

fn create(short_name_taken: bool) -> FunctionCommand {
    FunctionCommand::Create {
        number: 1,
        short_name: "viewAuditTrail".parse().unwrap(),
        name: "View the audit trail".parse().unwrap(),
        description: "Read".parse().unwrap(),
        role: false,
        short_name_taken,
    }
}

fn created() -> FunctionEvent {
    FunctionEvent::Created {
        number: 1,
        short_name: "viewAuditTrail".parse().unwrap(),
        name: "View the audit trail".parse().unwrap(),
        description: "Read".parse().unwrap(),
        role: false,
    }
}

fn described() -> FunctionEvent {
    FunctionEvent::Described { name: "Audit".parse().unwrap(), description: "Read it".parse().unwrap() }
}

fn add(child_fact: ChildFact) -> FunctionCommand {
    FunctionCommand::AddChild { child: CHILD, child_fact }
}

#[test]
fn a_taken_short_name_is_refused() {
    assert_eq!(given::<Function>([]).decide(create(true)), Err(FunctionError::ShortNameTaken));
}

#[test]
fn a_function_is_created_once() {
    assert_eq!(given::<Function>([created()]).decide(create(false)), Err(FunctionError::AlreadyExists));
}

#[test]
fn a_function_that_does_not_exist_has_no_children() {
    assert_eq!(given::<Function>([]).decide(add(ChildFact::Fits)), Err(FunctionError::NotFound));
}

#[test]
fn a_function_cannot_imply_itself() {
    assert_eq!(given::<Function>([created()]).decide(add(ChildFact::Above)), Err(FunctionError::Cycle));
}

#[test]
fn a_missing_child_is_refused() {
    assert_eq!(given::<Function>([created()]).decide(add(ChildFact::Missing)), Err(FunctionError::NoSuchChild));
}

#[test]
fn a_child_is_added_and_removed_once() {
    let without = given::<Function>([created()]);
    assert_eq!(without.decide(FunctionCommand::RemoveChild { child: CHILD }), Ok(vec![]));
    assert_eq!(without.decide(add(ChildFact::Fits)), Ok(vec![FunctionEvent::ChildAdded { child: CHILD }]));
    let with = given::<Function>([created(), FunctionEvent::ChildAdded { child: CHILD }]);
    assert_eq!(with.decide(add(ChildFact::Fits)), Ok(vec![]));
    assert_eq!(
        with.decide(FunctionCommand::RemoveChild { child: CHILD }),
        Ok(vec![FunctionEvent::ChildRemoved { child: CHILD }])
    );
}

#[test]
fn describing_it_as_it_is_changes_nothing() {
    let describe =
        FunctionCommand::Describe { name: "Audit".parse().unwrap(), description: "Read it".parse().unwrap() };
    assert_eq!(given::<Function>([created()]).decide(describe.clone()), Ok(vec![described()]));
    assert_eq!(given::<Function>([created(), described()]).decide(describe), Ok(vec![]));
}

fn rename(short_name: &str, short_name_taken: bool, built_in: bool) -> FunctionCommand {
    FunctionCommand::Rename { short_name: short_name.parse().unwrap(), short_name_taken, built_in }
}

#[test]
fn a_built_in_function_is_neither_renamed_nor_deleted() {
    let function = given::<Function>([created()]);
    assert_eq!(function.decide(rename("audit", false, true)), Err(FunctionError::BuiltIn));
    let delete = FunctionCommand::Delete { built_in: true, used: false };
    assert_eq!(function.decide(delete), Err(FunctionError::BuiltIn));
    assert_eq!(function.decide(rename("viewAuditTrail", false, true)), Ok(vec![]));
}

#[test]
fn a_function_that_is_used_is_not_deleted() {
    let delete = FunctionCommand::Delete { built_in: false, used: true };
    assert_eq!(given::<Function>([created()]).decide(delete), Err(FunctionError::InUse));
}

#[test]
fn a_deleted_function_does_nothing_any_more() {
    let deleted = given::<Function>([created(), FunctionEvent::Deleted {}]);
    let delete = FunctionCommand::Delete { built_in: false, used: false };
    assert_eq!(given::<Function>([created()]).decide(delete.clone()), Ok(vec![FunctionEvent::Deleted {}]));
    for command in
        [delete, rename("audit", false, false), add(ChildFact::Fits), FunctionCommand::MarkRole { role: true }]
    {
        assert_eq!(deleted.decide(command), Err(FunctionError::NotFound));
    }
    assert_eq!(deleted.decide(create(false)), Err(FunctionError::AlreadyExists));
}

#[test]
fn a_function_is_renamed_to_what_nobody_else_is_called() {
    let function = given::<Function>([created()]);
    assert_eq!(function.decide(rename("audit", true, false)), Err(FunctionError::ShortNameTaken));
    let renamed = FunctionEvent::Renamed { short_name: "audit".parse().unwrap() };
    assert_eq!(function.decide(rename("audit", false, false)), Ok(vec![renamed.clone()]));
    assert_eq!(given::<Function>([created(), renamed]).decide(rename("audit", false, false)), Ok(vec![]));
}

#[test]
fn a_function_becomes_a_role_once() {
    let mark = FunctionCommand::MarkRole { role: true };
    let marked = FunctionEvent::RoleMarked { role: true };
    assert_eq!(given::<Function>([created()]).decide(mark.clone()), Ok(vec![marked.clone()]));
    assert_eq!(given::<Function>([created(), marked]).decide(mark), Ok(vec![]));
}

#[test]
fn events_are_stored_as_ever() {
    let events = [
        created(),
        described(),
        FunctionEvent::Renamed { short_name: "audit".parse().unwrap() },
        FunctionEvent::RoleMarked { role: true },
        FunctionEvent::ChildAdded { child: CHILD },
        FunctionEvent::ChildRemoved { child: CHILD },
        FunctionEvent::Deleted {},
    ];
    assert_golden(FunctionEvent::STORED_AS, &events);
}
