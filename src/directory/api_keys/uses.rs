//! When and from where API keys were last used: noted in memory by the requests, and written down together every few seconds. A
//! request waits for none of it, and a server that is killed forgets no more than those seconds.

use crate::{http::Idp, once};
use aggregates::values::{ApiKeyPrefix, Sealed, Timestamp};
use projections::api_key_uses::{self, ApiKeyUse};
use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

/// The uses that are not written down yet, the latest of each key.
#[derive(Default)]
pub struct ApiKeyUses(Mutex<HashMap<ApiKeyPrefix, (Timestamp, Sealed)>>);

impl ApiKeyUses {
    /// A key was used; `address` is sealed under its owner.
    pub fn note(&self, prefix: &ApiKeyPrefix, at: Timestamp, address: &Sealed) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uses.insert(prefix.clone(), (at, address.clone()));
    }

    fn take(&self) -> Vec<ApiKeyUse> {
        let taken = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        taken.into_iter().map(|(prefix, (at, address))| ApiKeyUse { prefix, at, address }).collect()
    }
}

/// Writes down what was noted. When that fails it is lost, until the keys are used again.
pub async fn flush(idp: &Idp) {
    let uses = idp.api_key_uses.take();
    if uses.is_empty() {
        return;
    }
    if let Err(error) = once!(idp.database.connections(), |c| api_key_uses::keep(c, &uses)) {
        tracing::warn!(%error, "when API keys were last used could not be written down");
    }
}
