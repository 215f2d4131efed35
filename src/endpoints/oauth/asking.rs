//! The client that asks about a token, or hands it back.

use crate::{
    http::{
        Forwarded, Idp, OAuthError, RequestId,
        client_authentication::{NotProven, PresentedClient},
    },
    tokens::refusals,
};
use aggregates::{
    client::ClientAuthentication,
    grant::Refusal,
    ids::{ClientId, GrantId},
};
use projections::standing::Standing;

/// A request of a client, before the client is proven.
pub(super) struct Asking<'a> {
    pub(super) idp: &'a Idp,
    pub(super) request: &'a RequestId,
    pub(super) forwarded: Forwarded,
    /// What is asked for, as refusals are recorded.
    pub(super) step: &'static str,
    /// The grant that it is about.
    pub(super) grant: Option<GrantId>,
}

impl Asking<'_> {
    /// Proves a client that can keep a secret.
    ///
    /// # Errors
    /// `invalid_client`, the same for whatever is wrong; what names a real client is recorded.
    pub(super) async fn confidential(
        &self,
        client: &PresentedClient,
        standing: &Standing,
    ) -> Result<ClientId, OAuthError> {
        let public = |authentication: &ClientAuthentication| *authentication == ClientAuthentication::None;
        if standing.client.as_ref().is_some_and(|client| public(&client.definition.authentication)) {
            return Err(self.refused(standing, Refusal::ClientNotAuthenticated).await);
        }
        self.client(client, standing).await
    }

    /// Proves a client, by its secret if it has one.
    ///
    /// # Errors
    /// As above.
    pub(super) async fn client(&self, client: &PresentedClient, standing: &Standing) -> Result<ClientId, OAuthError> {
        let Some(known) = &standing.client else {
            self.idp.metrics.count(|metrics| &metrics.unknown_clients);
            return Err(OAuthError::InvalidClient);
        };
        match client.prove(self.idp, known, self.forwarded.caller).await {
            Ok(_) => Ok(known.id),
            Err(NotProven::Busy) => Err(OAuthError::Unavailable),
            Err(NotProven::Refused(reason)) => Err(self.refused(standing, reason).await),
        }
    }

    async fn refused(&self, standing: &Standing, reason: Refusal) -> OAuthError {
        let refusal = refusals::AtClient { grant: self.grant, ..refusals::AtClient::new(self.step, reason) };
        let context = self.idp.context_of(self.request, standing, self.forwarded.caller);
        refusals::remember(self.idp, &context, standing, refusal).await;
        OAuthError::InvalidClient
    }
}
