//! An API key as it is typed on the command line.

use super::{DEFAULT_DAYS, NewApiKey, life};
use crate::directory::{
    Desk, DirectoryError,
    desk::{field, looked_up},
};
use aggregates::{
    ids::DomainId,
    values::{IpRange, IpRanges},
};
use projections::lookup::{self, NamedConstraints};
use serde::Deserialize;

/// An API key that is to be.
#[derive(Debug, Clone, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyInput {
    /// What it is for, in words.
    #[arg(long, default_value = "")]
    #[serde(default)]
    pub description: String,
    /// A network that it may be used from, like 192.0.2.0/24; may be repeated.
    #[arg(long = "source", required = true)]
    pub sources: Vec<String>,
    /// Days until it expires.
    #[arg(long, default_value_t = DEFAULT_DAYS)]
    #[serde(default = "default_days")]
    pub expiration_days: i64,
    /// It changes nothing.
    #[arg(long)]
    #[serde(default)]
    pub read_only: bool,
    /// A function that it is narrowed to, with what that implies; may be repeated.
    #[arg(long = "function")]
    #[serde(default)]
    pub functions: Vec<String>,
    /// A customer that it is narrowed to, with those below; may be repeated.
    #[arg(long = "customer")]
    #[serde(default)]
    pub customers: Vec<String>,
}

const fn default_days() -> i64 {
    DEFAULT_DAYS
}

impl ApiKeyInput {
    /// The key that is meant, of a user of this domain.
    ///
    /// # Errors
    /// When a field is refused, or names nothing.
    pub async fn meant(&self, desk: &mut Desk, domain: DomainId) -> Result<NewApiKey, DirectoryError> {
        let ranges = self.sources.iter().map(|text| field("sources", text)).collect::<Result<Vec<IpRange>, _>>()?;
        let sources =
            IpRanges::try_from(ranges).map_err(|error| DirectoryError::invalid("sources")(error.to_string()))?;
        let given = |list: &Vec<String>| (!list.is_empty()).then(|| list.clone());
        let (functions, customers) = (given(&self.functions), given(&self.customers));
        let named = NamedConstraints { functions, customers, read_only: self.read_only };
        let found = looked_up(lookup::constraints(desk.lane().connection(), domain, &named).await)?;
        Ok(NewApiKey {
            description: field("description", &self.description)?,
            sources,
            constraints: found
                .map_err(|list| DirectoryError::invalid(list)("names nothing in this domain".to_owned()))?,
            life: life(self.expiration_days)?,
        })
    }
}
