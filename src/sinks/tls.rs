//! TLS to other systems: whom the machine trusts, which `SSL_CERT_FILE` may change.

use hyper_rustls::ConfigBuilderExt;
use rustls::{ClientConfig, crypto::aws_lc_rs};
use std::sync::Arc;

/// How a server is recognised.
pub(super) fn client() -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
    let trusting = builder.with_native_roots().map_err(|error| format!("no trusted certificates: {error}"))?;
    Ok(trusting.with_no_client_auth())
}
