//! Access tokens: how long and how many.

use super::*;

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
