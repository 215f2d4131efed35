//! `/authentication/v1/user/{user}/apikey…`: the API keys of a user, for administrators. To issue or renew one takes, beside
//! `manageUsers`, all that the user may do: nobody can give what they do not hold.

use super::whose::{desk, giving_desk, managed};
use crate::{
    directory::api_keys::{
        ApiKeyDescriptor, ApiKeyRequest,
        of_user::{issue_shown, list_shown, renew_shown, revoke_shown},
        renewal,
    },
    http::{ApiKeyOfUser, ArgusError, Asking, Changing, Idp, JsonBody, Reference, Reply},
};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A key that was revoked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevokedApiKey {
    /// What it was.
    revoked_key: ApiKeyDescriptor,
}
