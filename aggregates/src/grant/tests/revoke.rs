//! The end of a grant, by its client or by an administrator.

use super::*;

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
