//! Refresh tokens: each is used once.

use super::*;

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
