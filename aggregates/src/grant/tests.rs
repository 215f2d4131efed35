//! The rules of a grant, as stories.

#![expect(clippy::unwrap_used, reason = "a test that stops")]

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
fn a_code_that_was_never_issued_is_refused() {
    assert_eq!(redeem(&[], redemption()), Err(GrantError::Unknown));
    assert_eq!(redeem(&[authorized(None)], Redemption { code: hash(9), ..redemption() }), Err(GrantError::Unknown));
}

#[test]
fn a_code_is_over_after_its_lifetime() {
    let late = Redemption { now: at(60), ..redemption() };
    assert_eq!(redeem(&[authorized(None)], late), Err(GrantError::Expired));
    assert!(redeem(&[authorized(None)], Redemption { now: at(59), ..redemption() }).is_ok());
}

#[test]
fn a_code_needs_the_redirect_uri_of_its_request() {
    for uri in [None, Some("https://rp.example/cb/"), Some("https://rp.example/CB"), Some("https://rp.example:443/cb")]
    {
        let other = Redemption { redirect_uri: uri.map(str::to_owned), ..redemption() };
        assert_eq!(redeem(&[authorized(None)], other), Err(GrantError::AnotherRedirectUri), "{uri:?}");
    }
}

#[test]
fn a_verifier_without_a_challenge_is_refused() {
    let with = Redemption { verifier: Some("challenge".to_owned()), ..redemption() };
    assert_eq!(redeem(&[authorized(None)], with), Err(GrantError::UnexpectedVerifier));
}

#[test]
fn a_missing_or_wrong_verifier_spoils_the_code() {
    for verifier in [None, Some(""), Some("another")] {
        let wrong = Redemption { verifier: verifier.map(str::to_owned), ..redemption() };
        let events = redeem(&[authorized(Some("challenge"))], wrong).unwrap();
        assert!(matches!(events.first(), Some(GrantEvent::CodeSpoiled { by: SpoiledBy::WrongVerifier, .. })));
        let stream = [vec![authorized(Some("challenge"))], events].concat();
        let right = Redemption { verifier: Some("challenge".to_owned()), ..redemption() };
        assert_eq!(redeem(&stream, right), Err(GrantError::Revoked));
    }
}

#[test]
fn a_code_in_the_hands_of_another_client_is_spoiled() {
    let events = redeem(&[authorized(None)], Redemption { by: STRANGER, ..redemption() }).unwrap();
    let by = SpoiledBy::AnotherClient(STRANGER);
    assert_eq!(events, [GrantEvent::CodeSpoiled { by, at: at(1) }, revoked(RevocationReason::CodeSpoiled, 1)]);
}

#[test]
fn a_closed_door_refuses_without_spending_the_code() {
    let closed = Redemption { door: Err(Refusal::UserNotActive), ..redemption() };
    assert_eq!(redeem(&[authorized(None)], closed), Err(GrantError::NotAtTheDoor(Refusal::UserNotActive)));
}

#[test]
fn a_code_is_redeemed_once_and_a_replay_ends_what_it_gave() {
    assert_eq!(redeem(&[authorized(None)], redemption()), Ok(vec![redeemed()]));
    let replay = redeem(&[authorized(None), redeemed()], redemption());
    assert!(ends_by_replay(&replay));
    let stream = [vec![authorized(None), redeemed()], replay.unwrap()].concat();
    assert_eq!(redeem(&stream, redemption()), Err(GrantError::Revoked));
    assert_eq!(renew(&stream, refresh(1, 2)), Err(GrantError::Revoked));
    assert_eq!(given::<Grant>(stream).live_access_token(&access(1, 11), at(2)), None);
}

#[test]
fn a_refresh_token_needs_a_redeemed_code_its_secret_and_its_client() {
    assert_eq!(renew(&[], refresh(1, 2)), Err(GrantError::Unknown));
    assert_eq!(renew(&[authorized(None)], refresh(1, 2)), Err(GrantError::Unknown));
    let stream = [authorized(None), redeemed()];
    assert_eq!(renew(&stream, Refresh { presented: hash(99), ..refresh(1, 2) }), Err(GrantError::Unknown));
    assert_eq!(renew(&stream, refresh(2, 2)), Err(GrantError::Unknown));
    assert_eq!(renew(&stream, Refresh { by: STRANGER, ..refresh(1, 2) }), Err(GrantError::AnotherClient));
}

#[test]
fn a_grant_is_refreshed_until_its_end_and_not_beyond() {
    let stream = [authorized(None), redeemed()];
    assert!(renew(&stream, refresh(1, 28_800)).is_ok());
    assert_eq!(renew(&stream, refresh(1, 28_801)), Err(GrantError::Expired));
}

#[test]
fn a_refresh_asks_for_no_more_than_was_granted() {
    let stream = [authorized(None), redeemed()];
    let more = Refresh { scopes: Some(scopes(&["openid", "phone"])), ..refresh(1, 2) };
    assert_eq!(renew(&stream, more), Err(GrantError::ScopeExceedsGrant));
    let less = Refresh { scopes: Some(scopes(&["openid"])), ..refresh(1, 2) };
    let given = renew(&stream, less).unwrap();
    let asked_and_given = (Some(scopes(&["openid"])), scopes(&["openid"]));
    assert!(matches!(given.as_slice(), [GrantEvent::TokensRefreshed { asked, scopes, .. }]
        if (asked, scopes) == (&asked_and_given.0, &asked_and_given.1)));
}

#[test]
fn a_closed_door_refuses_a_refresh() {
    let closed = Refresh { door: Err(Refusal::SessionOver), ..refresh(1, 2) };
    let stream = [authorized(None), redeemed()];
    assert_eq!(renew(&stream, closed), Err(GrantError::NotAtTheDoor(Refusal::SessionOver)));
}

#[test]
fn a_confidential_client_may_repeat_a_refresh_for_a_moment() {
    let stream = [authorized(None), redeemed(), refreshed(2, 100)];
    assert_eq!(renew(&stream, refresh(1, 109)), Ok(vec![]));
    assert!(ends_by_reuse(&renew(&stream, refresh(1, 110))));
}

#[test]
fn a_repeated_refresh_passes_the_door_as_well() {
    let stream = [authorized(None), redeemed(), refreshed(2, 100)];
    let closed = Refresh { door: Err(Refusal::SessionOver), ..refresh(1, 101) };
    assert_eq!(renew(&stream, closed), Err(GrantError::NotAtTheDoor(Refusal::SessionOver)));
}

#[test]
fn a_public_client_may_not_repeat_a_refresh() {
    let stream = [authorized(None), redeemed(), refreshed(2, 100)];
    assert!(ends_by_reuse(&renew(&stream, Refresh { confidential: false, ..refresh(1, 101) })));
}

#[test]
fn only_the_last_replaced_token_may_be_repeated() {
    let stream = [authorized(None), redeemed(), refreshed(2, 100), refreshed(3, 101)];
    assert!(ends_by_reuse(&renew(&stream, refresh(1, 102))));
    assert_eq!(renew(&stream, refresh(2, 102)), Ok(vec![]));
}

#[test]
fn an_access_token_lives_its_own_time_after_a_refresh() {
    let grant: Grant = given([authorized(None), redeemed(), refreshed(2, 100)]);
    assert!(grant.live_access_token(&access(1, 11), at(600)).is_some());
    assert!(grant.live_access_token(&access(1, 11), at(601)).is_none());
    assert!(grant.live_access_token(&access(2, 12), at(699)).is_some());
    assert!(grant.live_access_token(&access(2, 11), at(600)).is_none());
}

#[test]
fn no_more_than_eight_access_tokens_of_a_grant_live() {
    let more = (2..=10).map(|generation| refreshed(generation, i64::from(generation)));
    let grant: Grant = given([authorized(None), redeemed()].into_iter().chain(more));
    assert!(grant.live_access_token(&access(2, 12), at(20)).is_none());
    assert!(grant.live_access_token(&access(3, 13), at(20)).is_some());
}

#[test]
fn a_script_gets_one_token_and_nothing_to_refresh_it_with() {
    let stream = issued_to_script();
    assert_eq!(renew(&stream, refresh(1, 2)), Err(GrantError::Unknown));
    assert_eq!(redeem(&stream, redemption()), Err(GrantError::Unknown));
    let again = given::<Grant>(stream.clone()).decide(GrantCommand::IssueToScript(script()));
    assert_eq!(again, Err(GrantError::AlreadyDecided));
    let grant: Grant = given(stream);
    assert_eq!((&grant.holder, &grant.refresh), (&Holder::ApiKey(key()), &None));
    assert!(grant.live_access_token(&access(1, 11), at(599)).is_some());
    assert!(grant.live_access_token(&access(1, 11), at(600)).is_none());
    assert!(grant.live_access_token(&access(1, 12), at(1)).is_none());
}

#[test]
fn a_signature_proves_an_access_token_that_was_issued_and_no_other() {
    let grant: Grant = given([authorized(None), redeemed(), refreshed(2, 100)]);
    for (generation, seconds, works) in [(1, 600, true), (1, 601, false), (2, 601, true), (0, 1, false), (3, 1, false)]
    {
        let token = TokenClaim::SignedAccess { generation };
        assert_eq!(grant.live_access_token(&token, at(seconds)).is_some(), works, "{generation}");
    }
    assert!(grant.live_access_token(&refresh_token(2, 22), at(1)).is_none());
}

#[test]
fn only_the_own_client_revokes_and_only_with_a_token_that_it_was_given() {
    let stream = [authorized(None), redeemed(), refreshed(2, 100), refreshed(3, 101)];
    assert_eq!(revoke(&stream, STRANGER, access(1, 11)), Err(GrantError::AnotherClient));
    for token in [
        access(1, 99),
        access(4, 11),
        access(1, 21),
        refresh_token(2, 99),
        refresh_token(3, 99),
        refresh_token(3, 11),
        refresh_token(4, 24),
        TokenClaim::SignedAccess { generation: 4 },
    ] {
        assert_eq!(revoke(&stream, CLIENT, token.clone()), Err(GrantError::Unknown), "{token:?}");
    }
    assert_eq!(revoke(&[authorized(None)], CLIENT, access(1, 11)), Err(GrantError::Unknown));
    assert_eq!(revoke(&[], ClientId::default(), access(1, 11)), Err(GrantError::Unknown));
}

#[test]
fn any_token_of_a_grant_revokes_all_of_them_once() {
    let code_flow = vec![authorized(None), redeemed(), refreshed(2, 100)];
    let signed = TokenClaim::SignedAccess { generation: 1 };
    let cases = [access(1, 11), access(2, 12), refresh_token(1, 21), refresh_token(2, 22), signed]
        .map(|token| (code_flow.clone(), token))
        .into_iter()
        .chain([(issued_to_script(), access(1, 11))]);
    for (stream, token) in cases {
        let events = revoke(&stream, CLIENT, token.clone()).unwrap();
        assert_eq!(events, [revoked(RevocationReason::ByClient, 150)], "{token:?}");
        let after = [stream, events].concat();
        assert_eq!(revoke(&after, CLIENT, token), Ok(vec![]));
        assert_eq!(given::<Grant>(after.clone()).live_access_token(&access(1, 11), at(151)), None);
        assert!(renew(&after, refresh(2, 151)).is_err());
    }
}

/// A grant remembers its latest tokens; an earlier one was verified by its tag, and still ends what came of it.
#[test]
fn a_token_from_long_ago_revokes_its_grant() {
    let later = (2..20).map(|generation| refreshed(generation, i64::from(generation)));
    let stream: Vec<_> = [authorized(None), redeemed()].into_iter().chain(later).collect();
    for token in [access(1, 11), refresh_token(1, 21), TokenClaim::SignedAccess { generation: 1 }] {
        let events = revoke(&stream, CLIENT, token.clone()).unwrap();
        assert_eq!(events, [revoked(RevocationReason::ByClient, 150)], "{token:?}");
        assert_eq!(revoke(&stream, STRANGER, token), Err(GrantError::AnotherClient));
    }
}

#[test]
fn an_administrator_cannot_end_what_was_never_granted() {
    let refused = given::<Grant>([]).decide(GrantCommand::Refuse(nothing_granted())).unwrap();
    for stream in [vec![], refused] {
        assert_eq!(end(&stream), Err(GrantError::Unknown));
    }
}

#[test]
fn an_administrator_ends_a_grant_once_and_with_it_its_code_and_every_token() {
    for stream in [vec![authorized(None)], vec![authorized(None), redeemed()], issued_to_script()] {
        let events = end(&stream).unwrap();
        assert_eq!(events, [revoked(RevocationReason::ByAdministrator, 150)]);
        let after = [stream, events].concat();
        assert_eq!(end(&after), Ok(vec![]));
        assert!(redeem(&after, redemption()).is_err());
        assert!(renew(&after, refresh(1, 151)).is_err());
        assert_eq!(given::<Grant>(after).live_access_token(&access(1, 11), at(151)), None);
    }
}

#[test]
fn a_grant_that_has_ended_otherwise_keeps_its_reason() {
    let stream = [authorized(None), redeemed(), revoked(RevocationReason::ByClient, 100)];
    assert_eq!(end(&stream), Ok(vec![]));
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
