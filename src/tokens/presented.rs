//! Tokens as they are presented, before anything is known of them; and what must agree for them to work.
//!
//! The user name in front of a token, or the subject inside, is only a claim. Who it belongs to, its stream says; the two must agree.

use super::{
    AuthorizedGrant, Kind, TokenCodec,
    jwt_form::{self, SignedAccess},
    parse_argus_form,
};
use crate::{
    event_store::{Loaded, StorageError, decode_rows},
    http::Idp,
};
use aggregates::{
    grant::{AccessToken, Grant, TokenClaim},
    ids::{GrantId, SessionId, UserId},
    session::Session,
    values::{Timestamp, TokenHash},
};
use projections::standing::{Standing, StandingUser};

/// A token whose tag, or signature, is ours.
pub struct Presented<I> {
    /// The grant or session that decides about it.
    pub id: I,
    owner: Owner,
    generation: u32,
    /// SHA-256 of its secret; none in a JWT.
    hash: Option<TokenHash>,
}

/// Who a token says that it belongs to.
enum Owner {
    Named(String),
    Subject(UserId),
}

impl Owner {
    fn is(&self, user: &StandingUser) -> bool {
        match self {
            Self::Named(name) => user.user_name.as_ref() == Some(name),
            Self::Subject(id) => user.id == *id,
        }
    }
}

impl Presented<GrantId> {
    /// Reads an access token in either form: `username/opaque`, or a JWT, which has no slash.
    #[must_use]
    pub fn access(idp: &Idp, text: &str) -> Option<Self> {
        if text.contains('/') {
            return read(&idp.tokens, Kind::Access, text, GrantId::new);
        }
        let SignedAccess { grant, generation, user } = jwt_form::read(idp, text)?;
        Some(Self { id: grant, owner: Owner::Subject(user), generation, hash: None })
    }

    /// What it says of itself to its grant.
    #[must_use]
    pub fn claim(&self) -> TokenClaim {
        match self.hash.clone() {
            Some(secret) => TokenClaim::Access { generation: self.generation, secret },
            None => TokenClaim::SignedAccess { generation: self.generation },
        }
    }

    /// The grant behind the token and the token's record, if it works now: its time is not up, its grant lives, and it passes the door.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn live<'a>(&self, standing: &'a Standing, now: Timestamp) -> Result<Option<Live<'a>>, StorageError> {
        let Some(loaded) = grant_of(standing, self.id)? else { return Ok(None) };
        let grant = loaded.aggregate;
        let Some(mut token) = grant.live_access_token(&self.claim(), now).cloned() else { return Ok(None) };
        let Ok(passed) = AuthorizedGrant::check_again(standing, &grant, now) else { return Ok(None) };
        token.scopes = passed.permitted(&token.scopes);
        Ok(self.owner.is(passed.user).then_some(Live { grant, token, passed }))
    }
}

/// The grant as its stream says; none when it has no events.
///
/// # Errors
/// When the stream cannot be read.
pub fn grant_of(standing: &Standing, id: GrantId) -> Result<Option<Loaded<Grant>>, StorageError> {
    if standing.stream.is_empty() {
        return Ok(None);
    }
    decode_rows(id.to_string(), &standing.stream).map(Some)
}

/// An access token that works.
pub struct Live<'a> {
    /// Its grant.
    pub grant: Grant,
    /// Its record.
    pub token: AccessToken,
    /// How it passed the door.
    pub passed: AuthorizedGrant<'a>,
}

impl Presented<SessionId> {
    /// Reads `username/opaque` as a session token.
    #[must_use]
    pub fn session(codec: &TokenCodec, text: &str) -> Option<Self> {
        read(codec, Kind::Session, text, SessionId::new)
    }

    /// Whether this is the session's present token.
    #[must_use]
    pub fn is_token_of(&self, session: &Session) -> bool {
        session.generation == self.generation && session.token.is_some() && session.token == self.hash
    }

    /// Whether the session and its user, as they stand, accept the token at `now`.
    #[must_use]
    pub fn is_signed_in(&self, standing: &Standing, now: Timestamp) -> bool {
        let (Some(session), Some(user)) = (&standing.session, &standing.user) else { return false };
        session.id == self.id
            && session.alive_at(now)
            && session.generation == self.generation
            && Some(&session.token) == self.hash.as_ref()
            && user.active
            && user.epoch == session.user_epoch
            && self.owner.is(user)
    }
}

fn read<I>(codec: &TokenCodec, kind: Kind, text: &str, id: impl Fn(uuid::Uuid) -> I) -> Option<Presented<I>> {
    let (user_name, opaque) = parse_argus_form(text)?;
    let token = codec.decode(kind, opaque)?;
    Some(Presented {
        id: id(token.aggregate),
        owner: Owner::Named(user_name.to_owned()),
        generation: token.generation,
        hash: Some(token.hash()),
    })
}
