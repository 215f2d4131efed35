//! Codes: each is redeemed once.

use super::*;

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
