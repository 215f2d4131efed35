//! The rules of a session, as stories.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

use super::*;
use crate::{
    given::given,
    ids::{DomainId, GrantId, SessionId, UserId},
    values::{Constraints, Sealed, Timestamp, TokenHash},
    wire::assert_golden,
};
use uuid::Uuid;

const ALICE: UserId = UserId::new(Uuid::from_u128(1));
const BOB: UserId = UserId::new(Uuid::from_u128(2));
const NOON: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const MORNING: Timestamp = Timestamp::from_millis(1_789_990_000_000);
const LATER: Timestamp = Timestamp::from_millis(1_790_030_000_000);
const EVENING: Timestamp = Timestamp::from_millis(1_790_028_800_000);

fn address() -> Sealed {
    Sealed::new("v1.00000000-0000-0000-0000-000000000001.address.c2VhbGVk".to_owned())
}

fn sign_in() -> SessionCommand {
    SessionCommand::Start(SignIn {
        user: ALICE,
        user_epoch: 3,
        method: AuthenticationMethod::Password,
        token: TokenHash::new(&[1; 32]),
        address: address(),
        must_change_password: false,
        now: NOON,
        valid_until: EVENING,
    })
}

const PARENT: SessionId = SessionId::new(Uuid::from_u128(7));
const GRANDPARENT: SessionId = SessionId::new(Uuid::from_u128(8));

fn read_only() -> Constraints {
    Constraints { read_only: true, ..Constraints::default() }
}

fn narrowed(ancestors: Vec<SessionId>, bounds: Vec<Constraints>) -> SessionCommand {
    let SessionCommand::Start(sign_in) = sign_in() else { unreachable!() };
    let narrowing =
        Narrowing { parent: PARENT, ancestors, bounds, constraints: read_only(), authenticated_at: MORNING };
    SessionCommand::StartConstrained { sign_in, narrowing }
}

fn constrained(ancestors: Vec<SessionId>, bounds: Vec<Constraints>) -> SessionEvent {
    SessionEvent::Constrained { ancestors, bounds, authenticated_at: MORNING }
}

fn started() -> SessionEvent {
    SessionEvent::Started {
        user: ALICE,
        user_epoch: 3,
        method: AuthenticationMethod::Password,
        token: TokenHash::new(&[1; 32]),
        address: address(),
        must_change_password: false,
        at: NOON,
        valid_until: EVENING,
    }
}

fn again(user: UserId, user_epoch: i64, now: Timestamp) -> SessionCommand {
    let token = TokenHash::new(&[2; 32]);
    SessionCommand::Reauthenticate(Reauthentication {
        user,
        user_epoch,
        method: AuthenticationMethod::Password,
        token,
        now,
        valid_until: LATER,
    })
}

fn ended() -> SessionEvent {
    SessionEvent::Ended { reason: EndReason::SignedOut, at: NOON }
}

fn end() -> SessionCommand {
    SessionCommand::End { reason: EndReason::SignedOut, now: NOON }
}

fn refused() -> SessionEvent {
    let (user, domain) = (Some(ALICE), Some(DomainId::new(Uuid::from_u128(9))));
    SessionEvent::SignInRefused { user, domain, reason: SignInRefusal::WrongPassword, at: NOON }
}

fn refuse_call() -> SessionCommand {
    SessionCommand::RefuseCall(RefusedCall {
        user: ALICE,
        credential: RealCredential::Grant(GrantId::new(Uuid::from_u128(6))),
        call: "PUT /useradmin/v2/user/{shortNameOrID}".to_owned(),
        reason: CallRefusal::NotPermitted,
        count: 2,
        now: NOON,
    })
}

fn call_refused() -> SessionEvent {
    SessionEvent::CallRefused {
        user: ALICE,
        credential: RealCredential::Grant(GrantId::new(Uuid::from_u128(6))),
        call: "PUT /useradmin/v2/user/{shortNameOrID}".to_owned(),
        reason: CallRefusal::NotPermitted,
        count: 2,
        at: NOON,
    }
}

#[test]
fn nothing_can_be_done_with_a_session_that_never_started() {
    let session: Session = given([]);
    assert_eq!(session.decide(end()), Err(SessionError::Over));
    assert_eq!(session.decide(again(ALICE, 3, NOON)), Err(SessionError::Over));
}

#[test]
fn a_session_starts_once() {
    for events in [vec![started()], vec![started(), ended()], vec![refused()], vec![call_refused()]] {
        assert_eq!(given::<Session>(events.clone()).decide(sign_in()), Err(SessionError::AlreadyStarted));
        assert_eq!(given::<Session>(events).decide(refuse_call()), Err(SessionError::AlreadyStarted));
    }
}

#[test]
fn what_was_refused_never_becomes_a_session() {
    for session in [given::<Session>([refused()]), given([call_refused()])] {
        assert_eq!(session.decide(end()), Err(SessionError::Over));
        assert_eq!(session.decide(again(ALICE, 3, NOON)), Err(SessionError::Over));
    }
}

#[test]
fn a_refused_call_is_remembered_by_itself() {
    assert_eq!(Session::default().decide(refuse_call()), Ok(vec![call_refused()]));
}

#[test]
fn a_session_goes_on_only_for_the_same_user_of_the_same_epoch_in_time() {
    let session: Session = given([started()]);
    assert_eq!(session.decide(again(BOB, 3, NOON)), Err(SessionError::AnotherUser));
    assert_eq!(session.decide(again(ALICE, 4, NOON)), Err(SessionError::AnotherUser));
    assert_eq!(session.decide(again(ALICE, 3, EVENING)), Err(SessionError::Over));
    assert_eq!(given::<Session>([started(), ended()]).decide(again(ALICE, 3, NOON)), Err(SessionError::Over));
}

#[test]
fn a_new_proof_ends_the_old_token() {
    let session: Session = given([started()]);
    let events = session.decide(again(ALICE, 3, NOON)).unwrap();
    let session: Session = given([vec![started()], events].concat());
    assert_eq!((session.generation, session.token, session.valid_until), (2, Some(TokenHash::new(&[2; 32])), LATER));
}

#[test]
fn ending_twice_is_ending_once() {
    assert_eq!(given::<Session>([started()]).decide(end()), Ok(vec![ended()]));
    assert_eq!(given::<Session>([started(), ended()]).decide(end()), Ok(vec![]));
}

#[test]
fn a_sign_in_starts_a_session() {
    assert_eq!(given::<Session>([]).decide(sign_in()), Ok(vec![started()]));
}

#[test]
fn every_event_is_stored_as_it_always_was() {
    let verified = SessionEvent::FactorVerified {
        method: AuthenticationMethod::Password,
        token: TokenHash::new(&[2; 32]),
        at: NOON,
        valid_until: LATER,
    };
    assert_golden(
        SessionEvent::STORED_AS,
        &[started(), constrained(vec![PARENT], vec![read_only()]), verified, refused(), call_refused(), ended()],
    );
}

#[test]
fn a_narrowed_session_ends_with_all_that_it_was_narrowed_from_and_keeps_every_bound() {
    let customers =
        Constraints { customers: Some([crate::ids::CustomerId::new(Uuid::from_u128(5))].into()), ..read_only() };
    let events = Session::default().decide(narrowed(vec![GRANDPARENT], vec![customers.clone()])).unwrap();
    assert_eq!(events, [started(), constrained(vec![PARENT, GRANDPARENT], vec![customers.clone(), read_only()])]);
    let session: Session = given(events);
    assert_eq!((session.bounds, session.authenticated_at), (vec![customers, read_only()], MORNING));
}

#[test]
fn a_session_is_narrowed_eight_times_at_most_and_only_when_it_starts() {
    assert_eq!(Session::default().decide(narrowed(vec![GRANDPARENT; 8], vec![])), Err(SessionError::TooNarrow));
    assert!(Session::default().decide(narrowed(vec![GRANDPARENT; 7], vec![])).is_ok());
    let session: Session = given([started()]);
    assert_eq!(session.decide(narrowed(vec![], vec![])), Err(SessionError::AlreadyStarted));
}
