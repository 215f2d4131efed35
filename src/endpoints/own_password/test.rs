//! `PUT /authentication/v1/password/test`: whether a password may be chosen. Nothing is changed.

use crate::{
    directory::password_rules::{self, UnfitPassword},
    http::{ArgusError, Asking, Envelope, JsonBody, Reply},
};
use serde::Serialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// What to test.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub struct PasswordTest {
    /// The password.
    password: String,
}

/// Whether it is one of those that are tried first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordTestResult {
    /// `ok` or `breached`.
    state: &'static str,
}

/// Tests a password by the rules for the caller's.
///
/// # Errors
/// 401; 412 when it may not be chosen for another reason than being well known.
#[utoipa::path(put, path = "/authentication/v1/password/test", request_body = PasswordTest,
    responses((status = 200, description = "Tested.", body = Envelope<PasswordTestResult>), ArgusError))]
pub async fn put(Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    let mut fields = body.fields();
    let password = Zeroizing::new(fields.required_text("password"));
    fields.finish()?;
    match password_rules::check(&password, &caller.user_name) {
        Ok(()) => Ok(Reply::ok(PasswordTestResult { state: "ok" })),
        Err(UnfitPassword::Common) => Ok(Reply::ok(PasswordTestResult { state: "breached" })),
        Err(unfit) => Err(ArgusError::field("password", unfit)),
    }
}
