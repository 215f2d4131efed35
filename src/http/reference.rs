//! The references in a path: ids or short names.

use super::ArgusError;
use aggregates::values::ApiKeyPrefix;
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use utoipa::ToSchema;

/// What names an object in a query or a body: its id, or its short name.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum AnyReference {
    /// The integer id.
    Id(i64),
    /// The short name, or the integer id as a text.
    Name(String),
}

/// The one variable of a path. What is not even text names nothing.
pub struct Reference(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Reference {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ArgusError> {
        let path: Result<Path<String>, _> = Path::from_request_parts(parts, state).await;
        let Path(text) = path.map_err(|_| ArgusError::NotFound)?;
        Ok(Self(name(text)?))
    }
}

/// The two variables of a path.
pub struct Pair(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for Pair {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ArgusError> {
        let path: Result<Path<(String, String)>, _> = Path::from_request_parts(parts, state).await;
        let Path((first, second)) = path.map_err(|_| ArgusError::NotFound)?;
        Ok(Self(name(first)?, name(second)?))
    }
}

/// The API key that a path ends with: the two segments of its prefix.
pub struct ApiKeyPath(pub ApiKeyPrefix);

impl<S: Send + Sync> FromRequestParts<S> for ApiKeyPath {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ArgusError> {
        let Pair(first, second) = Pair::from_request_parts(parts, state).await?;
        prefix(&first, &second).map(Self)
    }
}

/// A user, and the API key that the path ends with.
pub struct ApiKeyOfUser(pub String, pub ApiKeyPrefix);

impl<S: Send + Sync> FromRequestParts<S> for ApiKeyOfUser {
    type Rejection = ArgusError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ArgusError> {
        let path: Result<Path<(String, String, String)>, _> = Path::from_request_parts(parts, state).await;
        let Path((user, first, second)) = path.map_err(|_| ArgusError::NotFound)?;
        Ok(Self(name(user)?, prefix(&first, &second)?))
    }
}

/// No object has a name with control characters, and Postgres cannot even be asked for one with a NUL.
fn name(text: String) -> Result<String, ArgusError> {
    if text.contains(|c: char| c.is_control()) { Err(ArgusError::NotFound) } else { Ok(text) }
}

fn prefix(first: &str, second: &str) -> Result<ApiKeyPrefix, ArgusError> {
    format!("{first}/{second}").parse().map_err(|_| ArgusError::NotFound)
}
