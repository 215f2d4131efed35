//! Redemption of a code at the token endpoint: RFC 6749 §4.1.3, RFC 7636 §4.6.

use crate::support::{
    relying_party::{REDIRECT_URI, STATE},
    server::{ISSUER, TestServer},
};

#[tokio::test]
async fn a_code_becomes_tokens() {
    let server = TestServer::start().await;
    let (rp, alice) = (server.confidential("app").await, server.alice());
    let code = rp.authorize(&alice).await;
    let tokens = rp.redeem(&code).await;
    assert!(rp.is_active(&tokens.access).await);
    let again = rp.refresh(&tokens).await;
    assert!(rp.is_active(&again.access).await);
    assert_eq!(rp.userinfo(&again.access).await.status, 200);
    let _ = (REDIRECT_URI, STATE, ISSUER);
}
