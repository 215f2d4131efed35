//! A token as the server sees it: which stream it belongs to, which one of it, and the secret that proves it.

use crate::entropy::Entropy;
use aggregates::values::TokenHash;
use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;
use zeroize::Zeroizing;

/// What a token is for. Tokens of different kinds never stand in for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Authorization code, RFC 6749 §1.3.1. Belongs to a grant.
    Code,
    /// Access token, RFC 6749 §1.4. Belongs to a grant.
    Access,
    /// Refresh token, RFC 6749 §1.5. Belongs to a grant.
    Refresh,
    /// The token of a sign-in: cookie `argus_session`. Belongs to a session.
    Session,
}

impl Kind {
    /// How the kind is written in a token. Never reused for another kind.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Code => 1,
            Self::Access => 2,
            Self::Refresh => 3,
            Self::Session => 4,
        }
    }
}

/// One token. It has no `Debug`, since it holds its secret.
#[derive(Clone)]
pub struct Token {
    /// What it is for.
    pub kind: Kind,
    /// The grant or session whose stream decides about it.
    pub aggregate: Uuid,
    /// Which one of its kind within that stream.
    pub generation: u32,
    pub(super) secret: Zeroizing<[u8; 32]>,
}

impl Token {
    /// A token with a new secret of 256 random bits.
    #[must_use]
    pub fn fresh(kind: Kind, aggregate: Uuid, generation: u32, entropy: &dyn Entropy) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        entropy.fill(secret.as_mut_slice());
        Self { kind, aggregate, generation, secret }
    }

    /// What events remember of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(digest(&SHA256, self.secret.as_slice()).as_ref()) {
            *to = *from;
        }
        TokenHash::new(&hash)
    }
}
