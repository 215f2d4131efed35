//! The domain whose names are meant where a path or a body names something: the one that is given, or the caller's own.

use super::{ArgusError, Caller, Idp, query_fields};
use crate::read;
use aggregates::ids::DomainId;
use axum::http::Uri;
use projections::lookup;
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

    /// The domain that the query string names.
    ///
    /// # Errors
    /// 404 for a domain that is not there; 412.
    pub async fn find(idp: &Idp, caller: &Caller, uri: &Uri) -> Result<DomainId, ArgusError> {
        let Self { domain } = Self::read(uri)?;
        domain_or_own(idp, caller, domain.as_deref()).await
    }
}

/// The domain that is meant.
///
/// # Errors
/// 404 for a domain that is not there.
pub async fn domain_or_own(idp: &Idp, caller: &Caller, reference: Option<&str>) -> Result<DomainId, ArgusError> {
    let Some(reference) = reference else { return Ok(caller.domain) };
    let found = read!(idp.database.connections(), |c| lookup::domain(c, reference))?;
    found.map(|domain| domain.id).ok_or(ArgusError::NotFound)
}

/// Another domain is as forbidden as one that is not there.
#[must_use]
pub fn unknown_domain(error: ArgusError) -> ArgusError {
    match error {
        ArgusError::NotFound => ArgusError::Denied,
        other => other,
    }
}
