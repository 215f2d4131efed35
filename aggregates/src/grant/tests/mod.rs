//! The rules of a grant, as stories: what they begin with, and what holds for all of them.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

mod access;
mod code;
mod refresh;
mod revoke;

use super::*;
use crate::{
    given::given,
    ids::{ClientId, CustomerId, FunctionId, GrantId, SessionId, SubjectId, UserId},
    session::AuthenticationMethod,
    values::{ApiKeyPrefix, Scope, Sealed, Seconds, Timestamp, TokenHash},
    wire::assert_golden,
};
use std::collections::BTreeSet;
use uuid::Uuid;

const CLIENT: ClientId = ClientId::new(Uuid::from_u128(1));
const STRANGER: ClientId = ClientId::new(Uuid::from_u128(2));
const ALICE: UserId = UserId::new(Uuid::from_u128(3));
const SESSION: SessionId = SessionId::new(Uuid::from_u128(4));
const CUSTOMER: CustomerId = CustomerId::new(Uuid::from_u128(5));
const FUNCTION: FunctionId = FunctionId::new(Uuid::from_u128(6));
const START: i64 = 1_790_000_000;
const REDIRECT: &str = "https://rp.example/cb";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis((START + seconds) * 1000)
}

fn hash(byte: u8) -> TokenHash {
    TokenHash::new(&[byte; 32])
}

fn scopes(names: &[&str]) -> BTreeSet<Scope> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn basis() -> Basis {
    Basis {
        client_version: 7,
        customer: Some(CUSTOMER),
        required_function: FUNCTION,
        held_by: HeldBy { subject: SubjectId::new(Uuid::from_u128(8)), function: FUNCTION, customer: CUSTOMER },
        functions: "1-3,7".parse().unwrap(),
        range: Some("192.0.2.0/24".parse().unwrap()),
        method: AuthenticationMethod::Password,
        authenticated_at: at(-60),
    }
}

fn authorized(code_challenge: Option<&str>) -> GrantEvent {
    GrantEvent::Authorized {
        user: ALICE,
        session: SESSION,
        client: CLIENT,
        basis: Basis { range: None, ..basis() },
        epochs: Epochs { user: 1, client: 2 },
        redirect_uri: REDIRECT.parse().unwrap(),
        scopes: scopes(&["openid", "email"]),
        nonce: Some("n-0S6".to_owned()),
        code_challenge: code_challenge.map(str::to_owned),
        code: hash(1),
        code_expires_at: at(60),
        address: Sealed::new("v1.00000000-0000-0000-0000-000000000003.address.c2VhbGVk".to_owned()),
        at: at(0),
    }
}

fn redeemed() -> GrantEvent {
    GrantEvent::CodeRedeemed {
        basis: basis(),
        access: hash(11),
        access_expires_at: at(601),
        refresh: hash(21),
        refresh_expires_at: at(28_801),
        at: at(1),
    }
}

fn refreshed(generation: u32, seconds: i64) -> GrantEvent {
    let number = u8::try_from(generation).unwrap();
    GrantEvent::TokensRefreshed {
        generation,
        basis: basis(),
        asked: None,
        scopes: scopes(&["openid", "email"]),
        access: hash(10 + number),
        access_expires_at: at(seconds + 600),
        refresh: hash(20 + number),
        at: at(seconds),
    }
}

fn redemption() -> Redemption {
    Redemption {
        by: CLIENT,
        code: hash(1),
        redirect_uri: Some(REDIRECT.to_owned()),
        verifier: None,
        door: Ok(basis()),
        access: hash(11),
        refresh: hash(21),
        access_lifetime: Seconds(600),
        refresh_lifetime: Seconds(28_800),
        now: at(1),
    }
}

fn refresh(generation: u32, seconds: i64) -> Refresh {
    let number = u8::try_from(generation).unwrap();
    Refresh {
        by: CLIENT,
        confidential: true,
        generation,
        presented: hash(20 + number),
        scopes: None,
        door: Ok(basis()),
        access: hash(11 + number),
        refresh: hash(21 + number),
        access_lifetime: Seconds(600),
        grace: Seconds(10),
        now: at(seconds),
    }
}

fn key() -> ApiKeyPrefix {
    "1ab/2c".parse().unwrap()
}

fn script() -> ScriptIssue {
    ScriptIssue {
        user: ALICE,
        api_key: key(),
        client: CLIENT,
        basis: Basis { range: None, method: AuthenticationMethod::ApiKey, authenticated_at: at(0), ..basis() },
        epochs: Epochs { user: 1, client: 2 },
        scopes: scopes(&["openid"]),
        access: hash(11),
        access_lifetime: Seconds(600),
        address: Sealed::new("v1.00000000-0000-0000-0000-000000000003.address.c2VhbGVk".to_owned()),
        now: at(0),
    }
}

fn issued_to_script() -> Vec<GrantEvent> {
    given::<Grant>([]).decide(GrantCommand::IssueToScript(script())).unwrap()
}

fn access(generation: u32, byte: u8) -> TokenClaim {
    TokenClaim::Access { generation, secret: hash(byte) }
}

fn refresh_token(generation: u32, byte: u8) -> TokenClaim {
    TokenClaim::Refresh { generation, secret: hash(byte) }
}

fn revoke(events: &[GrantEvent], by: ClientId, token: TokenClaim) -> Result<Vec<GrantEvent>, GrantError> {
    given::<Grant>(events.to_vec()).decide(GrantCommand::Revoke(Revocation { by, token, now: at(150) }))
}

fn nothing_granted() -> Refused {
    Refused {
        client: CLIENT,
        client_version: 7,
        customer: None,
        user: None,
        session: None,
        grant: None,
        step: "authorize".to_owned(),
        reason: Refusal::FunctionNotHeld,
        required_function: FUNCTION,
        scopes: BTreeSet::new(),
        known: Known::default(),
        missing: None,
        count: 1,
        now: at(0),
    }
}

fn end(events: &[GrantEvent]) -> Result<Vec<GrantEvent>, GrantError> {
    given::<Grant>(events.to_vec()).decide(GrantCommand::End(at(150)))
}

fn redeem(events: &[GrantEvent], redemption: Redemption) -> Result<Vec<GrantEvent>, GrantError> {
    given::<Grant>(events.to_vec()).decide(GrantCommand::RedeemCode(redemption))
}

fn renew(events: &[GrantEvent], refresh: Refresh) -> Result<Vec<GrantEvent>, GrantError> {
    given::<Grant>(events.to_vec()).decide(GrantCommand::RefreshTokens(refresh))
}

fn revoked(reason: RevocationReason, seconds: i64) -> GrantEvent {
    GrantEvent::Revoked { reason, at: at(seconds) }
}

fn ends_by_replay(decided: &Result<Vec<GrantEvent>, GrantError>) -> bool {
    matches!(
        decided.as_deref(),
        Ok([GrantEvent::CodeReplayed { .. }, GrantEvent::Revoked { reason: RevocationReason::CodeReplayed, .. }])
    )
}

fn ends_by_reuse(decided: &Result<Vec<GrantEvent>, GrantError>) -> bool {
    matches!(
        decided.as_deref(),
        Ok([GrantEvent::RefreshReused { .. }, GrantEvent::Revoked { reason: RevocationReason::RefreshReused, .. }])
    )
}

#[test]
fn a_grant_is_decided_once() {
    let refused = nothing_granted();
    let grant: Grant = given([authorized(None)]);
    assert_eq!(grant.decide(GrantCommand::Refuse(refused.clone())), Err(GrantError::AlreadyDecided));
    let events = given::<Grant>([]).decide(GrantCommand::Refuse(refused.clone())).unwrap();
    assert_eq!(given::<Grant>(events).decide(GrantCommand::Refuse(refused)), Err(GrantError::AlreadyDecided));
}

#[test]
fn every_event_is_stored_as_it_always_was() {
    let refused = GrantEvent::Refused {
        client: CLIENT,
        client_version: 7,
        customer: Some(CUSTOMER),
        user: Some(ALICE),
        session: Some(SESSION),
        grant: Some(GrantId::new(Uuid::from_u128(9))),
        step: "refresh_token".to_owned(),
        reason: Refusal::SessionOver,
        required_function: FUNCTION,
        scopes: scopes(&["openid"]),
        known: Known {
            held_by: Some(basis().held_by),
            range: basis().range,
            api_key: None,
            method: Some(AuthenticationMethod::Password),
            authenticated_at: Some(at(-60)),
        },
        missing: Some(Missing::Condition("the session was ended".to_owned())),
        count: 3,
        at: at(5),
    };
    let examples = [
        authorized(Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")),
        issued_to_script().remove(0),
        refused,
        redeemed(),
        GrantEvent::CodeSpoiled { by: SpoiledBy::AnotherClient(STRANGER), at: at(1) },
        GrantEvent::CodeReplayed { at: at(2) },
        refreshed(2, 100),
        GrantEvent::RefreshReused { generation: 1, at: at(200) },
        revoked(RevocationReason::RefreshReused, 200),
    ];
    assert_golden(GrantEvent::STORED_AS, &examples);
}
