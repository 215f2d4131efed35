//! `[[client]]`: OAuth clients, with the field names of the Argus API.

use super::Surroundings;
use crate::directory::{
    Desk, DirectoryError,
    clients::{Operator, Outcome},
    references,
};
use aggregates::ids::ClientId;
use serde_json::{Map, Value};

/// Names the variable that holds the secret, so that the file does not have to.
const SECRET_VARIABLE: &str = "clientSecretEnv";

/// One client of the file.
pub(super) async fn client(
    desk: &mut Desk,
    table: &toml::Table,
    around: Surroundings<'_>,
) -> Result<(), DirectoryError> {
    let Ok(Value::Object(mut object)) = serde_json::to_value(table) else {
        return Err(DirectoryError::invalid("client")("must be a table".to_owned()));
    };
    if let Some(Value::String(name)) = object.remove(SECRET_VARIABLE) {
        let secret = (around.variable)(&name);
        let secret = secret.ok_or_else(|| DirectoryError::invalid(SECRET_VARIABLE)(format!("{name} is not set")))?;
        object.insert("clientSecret".to_owned(), secret.as_str().into());
    }
    ensure(desk, object, around.domain.as_str()).await
}

/// Makes the client of that short name be what `object` says; `domain` is meant where it names none.
///
/// # Errors
/// When a field is refused, or the database is away.
pub async fn ensure(desk: &mut Desk, object: Map<String, Value>, domain: &str) -> Result<(), DirectoryError> {
    let domain = references::domain(desk, domain).await?.id;
    let fresh = ClientId::new(desk.new_id());
    let (tools, context) = (desk.tools().clone(), desk.context().clone());
    let (passwords, entropy) = (&tools.passwords, tools.entropy.as_ref());
    let mut operator = Operator { lane: desk.lane(), passwords, entropy, context: &context };
    let outcome = operator.ensure(fresh, domain, object).await;
    match outcome.map_err(|refusal| DirectoryError::Refused(format!("client: {refusal}")))? {
        Outcome::Defined(_) | Outcome::Changed(_) => desk.count_change(),
        Outcome::Unchanged(_) => {}
    }
    Ok(())
}
