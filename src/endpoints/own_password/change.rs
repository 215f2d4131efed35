//! `PUT /authentication/v1/password`, and `PUT /currentuser/v1/password`, the older path: choose another password.

use crate::{
    directory::{
        authenticate::{NotSignedIn, Proof, confirm},
        password_rules::{self, UnfitPassword},
        users,
    },
    http::{ArgusError, Changing, Done, Envelope, Idp, JsonBody, Origin, PasswordProblem, Reply},
};
use axum::extract::State;
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// The present password and the next.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body")]
pub struct ChangePassword {
    /// The next.
    new_password: String,
    /// The present one.
    old_password: String,
}

/// Changes the caller's password. Every session and token from before ends with that, the caller's session too.
///
/// # Errors
/// 401; 403 for what is not the user in person; 412 with the reason in `data`; 429; 503.
#[utoipa::path(put, path = "/authentication/v1/password", request_body = ChangePassword,
    responses((status = 200, description = "Changed.", body = Envelope<Done>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    origin: Origin,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    let mut fields = body.fields();
    if fields.value("authorization").is_some() {
        fields.refuse("authorization", "is not served: give the present password");
    }
    let new = Zeroizing::new(fields.required_text("newPassword"));
    let password = Zeroizing::new(fields.required_text("oldPassword"));
    fields.finish()?;
    password_rules::check(&new, &caller.user_name).map_err(unfit)?;
    if *new == *password {
        return Err(problem("newPassword", PasswordProblem::HistoricPassword, "must not be the present one"));
    }
    let proof = Proof { password, caller: origin.caller, request: &origin.request };
    let context = confirm(&idp, caller.user, proof).await.map_err(|failure| match failure {
        NotSignedIn::Refused => problem("oldPassword", PasswordProblem::WrongPassword, "is not the password"),
        other => other.into(),
    })?;
    users::choose_password(&idp.store, idp.tools(), context, caller.user, new).await?;
    Ok(Reply::ok(Done {}))
}

/// The same below the older path.
///
/// # Errors
/// Those of [`put`].
#[utoipa::path(put, path = "/currentuser/v1/password", request_body = ChangePassword,
    responses((status = 200, description = "Changed.", body = Envelope<Done>), ArgusError))]
pub async fn current(idp: State<Idp>, caller: Changing, origin: Origin, body: JsonBody) -> Result<Reply, ArgusError> {
    put(idp, caller, origin, body).await
}

fn unfit(rule: UnfitPassword) -> ArgusError {
    let reason = match rule {
        UnfitPassword::TooShort => PasswordProblem::TooShort,
        UnfitPassword::TooLong | UnfitPassword::Common | UnfitPassword::Context | UnfitPassword::Nul => {
            PasswordProblem::TooSimple
        }
    };
    problem("newPassword", reason, &rule.to_string())
}

fn problem(field: &'static str, reason: PasswordProblem, message: &str) -> ArgusError {
    ArgusError::Password { field, reason, message: message.to_owned() }
}
