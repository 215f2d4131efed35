//! What one instance revokes, the other refuses at the next request.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    node::{Node, World, world},
    party::{Answer, Party, http},
};
use crate::support::directory::{grant, revoke, tell};
use aggregates::user::UserCommand;

const TIMES: usize = 50;

/// Two instances, a user's tokens on the second, and what was answered after the revocation on the first.
struct Stage {
    world: World,
    here: Node,
    there: Node,
}

impl Stage {
    async fn set() -> Self {
        let (world, here) = world().await;
        let there = world.node().await;
        Self { world, here, there }
    }

    async fn party(&self, name: &str) -> Party {
        Party::confidential(&self.world, &self.here, name).await.at(&self.there.url)
    }

    /// A session and tokens that work on the second instance.
    async fn signed_in(&self, party: &Party) -> (String, Answer) {
        let session = self.here.session_of(self.world.directory.alice).await;
        let tokens = party.tokens(&session).await;
        assert_eq!(party.userinfo(tokens.text("access_token")).await.unwrap().status, 200);
        (session, tokens)
    }

    /// Nothing of it works on the second instance any more.
    async fn is_refused(&self, party: &Party, tokens: &Answer) {
        let access = tokens.text("access_token");
        assert_eq!(party.userinfo(access).await.unwrap().status, 401, "a stale answer");
        let refused = party.refresh(tokens.text("refresh_token")).await.unwrap();
        assert!(refused.is_refusal("invalid_grant") || refused.status == 401, "{refused:?}");
    }

    async fn end(self, what: &str) {
        println!("{TIMES} times {what} on one instance, 0 stale answers on the other");
        self.here.stop().await;
        self.there.stop().await;
    }
}

#[tokio::test]
async fn after_a_sign_out_here_tokens_are_refused_there() {
    let stage = Stage::set().await;
    let party = stage.party("outgoing").await;
    for _ in 0..TIMES {
        let (session, tokens) = stage.signed_in(&party).await;
        assert_eq!(party.at(&stage.here.url).sign_out(&session).await.unwrap().status, 200);
        stage.is_refused(&party, &tokens).await;
        assert_eq!(party.authorize_in_portal(&session).await.unwrap().status, 401);
    }
    stage.end("signed out").await;
}

#[tokio::test]
async fn after_a_user_is_blocked_here_tokens_are_refused_there() {
    let stage = Stage::set().await;
    let (party, alice) = (stage.party("blocked").await, stage.world.directory.alice);
    for _ in 0..TIMES {
        let (session, tokens) = stage.signed_in(&party).await;
        tell(&stage.here.idp, alice, UserCommand::Block).await;
        stage.is_refused(&party, &tokens).await;
        assert_eq!(party.authorize_in_portal(&session).await.unwrap().status, 401);
        tell(&stage.here.idp, alice, UserCommand::Unblock).await;
        // Letting somebody in again revives nothing.
        stage.is_refused(&party, &tokens).await;
    }
    stage.end("blocked").await;
}

#[tokio::test]
async fn after_a_permission_is_taken_here_tokens_are_refused_there() {
    let stage = Stage::set().await;
    let (party, directory) = (stage.party("narrowed").await, &stage.world.directory);
    for _ in 0..TIMES {
        let (_, tokens) = stage.signed_in(&party).await;
        revoke(&stage.here.idp, directory.alice, directory.function("analyst"), directory.acme).await;
        stage.is_refused(&party, &tokens).await;
        grant(&stage.here.idp, directory, directory.alice, "analyst", Some("acme")).await;
    }
    stage.end("took the permission").await;
}

#[tokio::test]
async fn after_a_client_is_deleted_here_its_tokens_are_refused_there() {
    let stage = Stage::set().await;
    for n in 0..TIMES {
        let party = stage.party(&format!("ephemeral{n}")).await;
        let (session, tokens) = stage.signed_in(&party).await;
        let url = format!("{}/authentication/v1/oauth/client/{}", stage.here.url, party.id);
        let key = stage.world.directory.admin_key.as_str();
        assert_eq!(http().delete(url).header("Argus-API-Key", key).send().await.unwrap().status(), 200);
        stage.is_refused(&party, &tokens).await;
        assert_eq!(party.introspect(tokens.text("access_token")).await.unwrap().status, 401);
        assert_eq!(party.authorize(&session).await.unwrap().parameter("code"), None);
    }
    stage.end("deleted the client").await;
}
