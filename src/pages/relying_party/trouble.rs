//! Why a step did not succeed, as the relying party sees it.

use axum::http::StatusCode;

/// Three ways to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The provider refused, with an OAuth error (RFC 6749 §4.1.2.1, §5.2).
    Refused { error: String, description: String },
    /// The answer did not pass this check, so nothing of it is believed.
    Untrusted(&'static str),
    /// There was no answer, or not one of the protocol.
    Unreachable(String),
}

impl Trouble {
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::Refused { .. } => StatusCode::FORBIDDEN,
            Self::Untrusted(_) => StatusCode::BAD_REQUEST,
            Self::Unreachable(_) => StatusCode::BAD_GATEWAY,
        }
    }

    pub(super) fn heading(&self) -> &'static str {
        match self {
            Self::Refused { error, .. } if error == "access_denied" => "You may not use this application",
            Self::Refused { error, .. } if error == "invalid_grant" => "Your sign-in is over",
            Self::Refused { .. } => "Argus refused",
            Self::Untrusted(_) => "The answer cannot be trusted",
            Self::Unreachable(_) => "Argus does not answer",
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Refused { error, description } if description.is_empty() => format!("Argus answered {error}."),
            Self::Refused { error, description } => format!("Argus answered {error}: {description}"),
            Self::Untrusted(check) => format!("{check}, so this application did not sign you in."),
            Self::Unreachable(cause) => cause.clone(),
        }
    }
}
