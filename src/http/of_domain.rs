//! The query of calls whose path names somebody: `domain` says whose short names are meant.

use super::{ArgusError, query_fields};
use axum::http::Uri;
use utoipa::IntoParams;

/// `?domain=`, and nothing else.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfDomain {
    /// The domain whose names are meant, by id or short name; the caller's own unless given.
    pub domain: Option<String>,
}

impl OfDomain {
    /// Reads the query string.
    ///
    /// # Errors
    /// 412.
    pub fn read(uri: &Uri) -> Result<Self, ArgusError> {
        let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
        let domain = query.reference("domain");
        query.finish().map(|()| Self { domain })
    }
}
