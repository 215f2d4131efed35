//! The password beside a request. It need not be given, but if it is, it has to be right.

use crate::{
    directory::authenticate::{NotSignedIn, Proof, confirm},
    http::{ArgusError, Caller, Fields, Idp, Origin},
};
use zeroize::Zeroizing;

/// Takes `password` out, and `authorization`, which nobody can have.
pub(super) fn take(fields: &mut Fields) -> Option<Zeroizing<String>> {
    if fields.value("authorization").is_some() {
        fields.refuse("authorization", "is not served: give the password");
    }
    fields.text("password").map(Zeroizing::new)
}

/// Checks the password, counted as every attempt at it.
///
/// # Errors
/// 412 when it is wrong; 429; 503.
pub(super) async fn check(
    idp: &Idp,
    caller: &Caller,
    origin: &Origin,
    password: Option<Zeroizing<String>>,
) -> Result<(), ArgusError> {
    let Some(password) = password else { return Ok(()) };
    let proof = Proof { password, caller: origin.caller, request: &origin.request };
    match confirm(idp, caller.user, proof).await {
        Ok(_) => Ok(()),
        Err(NotSignedIn::Refused) => Err(ArgusError::field("password", "is not the password")),
        Err(other) => Err(other.into()),
    }
}
