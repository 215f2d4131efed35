//! What an event says to an auditor.

use crate::{ProjectionError, Recorded};
use aggregates::{
    grant::{Basis, GrantEvent, Known, Missing, SpoiledBy},
    group::GroupEvent,
    ids::{ClientId, CustomerId, DomainId, FunctionId, GrantId, SessionId, UserId},
    session::{AuthenticationMethod, RealCredential, SessionEvent},
    user::UserEvent,
    values::{ApiKeyPrefix, Scope, Timestamp},
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// An entry as far as its own event tells. What an earlier event of the same stream said (the user, the client) is filled in when
/// it is written.
#[derive(Debug, Default, Serialize)]
#[expect(missing_docs, reason = "the columns of the table, which its migration describes")]
pub struct Entry {
    pub position: i64,
    pub at: i64,
    pub action: String,
    pub outcome: &'static str,
    pub reason: Option<String>,
    pub missing: Option<Missing>,
    pub actor: String,
    pub user_id: Option<UserId>,
    pub session_id: Option<SessionId>,
    pub api_key: Option<ApiKeyPrefix>,
    pub grant_id: Option<GrantId>,
    pub client_id: Option<ClientId>,
    pub client_version: Option<i64>,
    pub customer_id: Option<CustomerId>,
    pub domain_id: Option<DomainId>,
    pub object_type: Option<String>,
    pub object_id: Option<Uuid>,
    pub step: Option<String>,
    pub scopes_asked: Option<BTreeSet<Scope>>,
    pub scopes: Option<BTreeSet<Scope>>,
    pub functions: Option<Vec<i64>>,
    pub ip: Option<String>,
    pub ip_of: Option<Uuid>,
    pub ip_range: Option<String>,
    pub required_function: Option<FunctionId>,
    pub required_for: Option<CustomerId>,
    pub held_by: Option<Value>,
    pub method: Option<AuthenticationMethod>,
    pub authenticated_at: Option<Timestamp>,
    pub count: u32,
    pub request_id: Option<String>,
    pub note: Option<String>,
}

impl Entry {
    /// Reads an event.
    ///
    /// # Errors
    /// When its payload cannot be read.
    pub fn of(recorded: &Recorded) -> Result<Self, ProjectionError> {
        let said = |key: &str| recorded.metadata.get(key).cloned();
        let entry = Self {
            position: recorded.position,
            at: recorded.at().millis(),
            outcome: "done",
            actor: said("actor").unwrap_or_else(|| "unknown".to_owned()),
            count: 1,
            request_id: said("request_id"),
            note: said("reason"),
            ..Self::default()
        };
        match recorded.aggregate_type.as_str() {
            "grant" => Ok(Self { grant_id: Some(recorded.id()?), ..entry }.about_grant(recorded.decode()?)),
            "session" => Ok(Self { session_id: Some(recorded.id()?), ..entry }.about_session(&recorded.decode()?)),
            _ => entry.about_definition(recorded),
        }
    }

    fn about_definition(self, recorded: &Recorded) -> Result<Self, ProjectionError> {
        let is = |aggregate_type| recorded.aggregate_type == aggregate_type;
        Ok(Self {
            action: recorded.event_type.clone(),
            object_type: Some(recorded.aggregate_type.clone()),
            object_id: Some(recorded.id()?),
            client_id: is("client").then(|| recorded.id()).transpose()?,
            client_version: is("client").then_some(recorded.sequence),
            user_id: is("user").then(|| recorded.id()).transpose()?,
            customer_id: placed(recorded)?,
            ..self
        })
    }

    fn about_grant(self, event: GrantEvent) -> Self {
        match event {
            GrantEvent::Authorized { user, session, client, basis, scopes, .. } => Self {
                user_id: Some(user),
                session_id: Some(session),
                client_id: Some(client),
                scopes_asked: Some(scopes.clone()),
                scopes: Some(scopes),
                ..self.saying("authorization.granted", "granted").decided_on("authorize", &basis)
            },
            GrantEvent::IssuedToScript { user, api_key, client, basis, scopes, .. } => Self {
                user_id: Some(user),
                client_id: Some(client),
                api_key: Some(api_key),
                scopes_asked: Some(scopes.clone()),
                scopes: Some(scopes),
                ..self.saying("token.issued_to_script", "granted").decided_on("client_credentials", &basis)
            },
            refused @ GrantEvent::Refused { .. } => self.about_refusal(refused),
            GrantEvent::CodeRedeemed { basis, .. } => {
                self.saying("token.issued", "granted").decided_on("authorization_code", &basis)
            }
            GrantEvent::TokensRefreshed { basis, asked, scopes, .. } => Self {
                scopes_asked: asked,
                scopes: Some(scopes),
                ..self.saying("token.refreshed", "granted").decided_on("refresh_token", &basis)
            },
            GrantEvent::CodeSpoiled { by: SpoiledBy::AnotherClient(_), .. } => self.spoiled("another_client"),
            GrantEvent::CodeSpoiled { by: SpoiledBy::WrongVerifier, .. } => self.spoiled("wrong_verifier"),
            GrantEvent::CodeReplayed { .. } => self.saying("code.replayed", "refused"),
            GrantEvent::RefreshReused { .. } => self.saying("refresh.reused", "refused"),
            GrantEvent::Revoked { reason, .. } => {
                Self { reason: text(&reason), ..self.saying("token.revoked", "revoked") }
            }
        }
    }

    fn spoiled(self, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..self.saying("code.spoiled", "refused") }
    }

    fn about_refusal(self, event: GrantEvent) -> Self {
        let GrantEvent::Refused {
            client,
            client_version,
            customer,
            user,
            session,
            grant,
            step,
            reason,
            required_function,
            scopes,
            known,
            missing,
            count,
            ..
        } = event
        else {
            return self;
        };
        let action = if step == "authorize" { "authorization.refused" } else { "token.refused" };
        Self {
            user_id: user,
            session_id: session,
            client_id: Some(client),
            client_version: Some(client_version),
            customer_id: customer,
            grant_id: grant.or(self.grant_id),
            reason: text(&reason),
            missing,
            required_function: Some(required_function),
            required_for: customer,
            scopes_asked: Some(scopes),
            count,
            step: Some(step),
            ..self.saying(action, "refused").known(known)
        }
    }

    fn about_session(self, event: &SessionEvent) -> Self {
        match *event {
            SessionEvent::Started { user, method, at, .. } => Self {
                user_id: Some(user),
                method: Some(method),
                authenticated_at: Some(at),
                ..self.saying("sign_in.succeeded", "granted")
            },
            SessionEvent::Constrained { .. } => self.saying("session.constrained", "done"),
            SessionEvent::FactorVerified { method, at, .. } => {
                Self { method: Some(method), authenticated_at: Some(at), ..self.saying("sign_in.repeated", "granted") }
            }
            SessionEvent::SignInRefused { user, domain, reason, .. } => Self {
                user_id: user,
                domain_id: domain,
                reason: text(&reason),
                ..self.saying("sign_in.refused", "refused")
            },
            SessionEvent::CallRefused { user, ref credential, ref call, reason, count, .. } => Self {
                user_id: Some(user),
                reason: text(&reason),
                step: Some(call.clone()),
                count,
                ..self.by(credential).saying("call.refused", "refused")
            },
            SessionEvent::Ended { reason, .. } => {
                Self { reason: text(&reason), ..self.saying("session.ended", "revoked") }
            }
        }
    }

    /// The credential stands in for the stream, which is of no interest.
    fn by(self, credential: &RealCredential) -> Self {
        let (api_key, session_id, grant_id) = match *credential {
            RealCredential::ApiKey(ref prefix) => (Some(prefix.clone()), None, None),
            RealCredential::Session(session) => (None, Some(session), None),
            RealCredential::Grant(grant) => (None, None, Some(grant)),
        };
        Self { api_key, session_id, grant_id, ..self }
    }

    fn saying(self, action: &str, outcome: &'static str) -> Self {
        Self { action: action.to_owned(), outcome, ..self }
    }

    fn known(self, known: Known) -> Self {
        Self {
            held_by: known.held_by.and_then(|held_by| serde_json::to_value(held_by).ok()),
            ip_range: known.range.map(|range| range.to_string()),
            api_key: known.api_key,
            method: known.method,
            authenticated_at: known.authenticated_at,
            ..self
        }
    }

    fn decided_on(self, step: &str, basis: &Basis) -> Self {
        Self {
            step: Some(step.to_owned()),
            functions: Some(basis.functions.iter().collect()),
            client_version: Some(basis.client_version),
            customer_id: basis.customer,
            required_for: basis.customer,
            required_function: Some(basis.required_function),
            held_by: serde_json::to_value(basis.held_by).ok(),
            ip_range: basis.range.map(|range| range.to_string()),
            method: Some(basis.method),
            authenticated_at: Some(basis.authenticated_at),
            ..self
        }
    }
}

/// The customer into which the event put a user or a group.
fn placed(recorded: &Recorded) -> Result<Option<CustomerId>, ProjectionError> {
    Ok(match recorded.event_type.as_str() {
        "user.created" | "user.moved" => match recorded.decode()? {
            UserEvent::Created { customer, .. } | UserEvent::Moved { customer } => Some(customer),
            _ => None,
        },
        "group.created" | "group.moved" => match recorded.decode()? {
            GroupEvent::Created { customer, .. } | GroupEvent::Moved { customer } => Some(customer),
            _ => None,
        },
        _ => None,
    })
}

fn text<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
}
