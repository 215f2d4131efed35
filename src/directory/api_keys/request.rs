//! An API key as the API's bodies ask for it.

use super::{DEFAULT_DAYS, NewApiKey};
use crate::{
    event_store::DefinitionLane,
    http::{ArgusError, Fields, read_constraints},
};
use aggregates::{
    ids::DomainId,
    user::MAX_API_KEY_DAYS,
    values::{Description, IpRange, IpRanges, Seconds},
};
use projections::lookup::{self, NamedConstraints};

/// What belongs to providers of source networks that are not served.
const CLOUD_OPTIONS: [&str; 3] = ["awsOptions", "azureOptions", "githubOptions"];

/// The fields of a new key, each parsed on its own.
pub struct ApiKeyRequest {
    description: Description,
    sources: IpRanges,
    constraints: NamedConstraints,
    life: Seconds,
}

impl ApiKeyRequest {
    /// Takes them out: all that is left of the body.
    ///
    /// # Errors
    /// 412 with every field that is bad or missing.
    pub fn read(mut fields: Fields) -> Result<Self, ArgusError> {
        let description = required(&mut fields, "description", Fields::parsed);
        let sources = sources(&mut fields);
        let constraints = fields.object("sessionConstraints", |inner| Some(read_constraints(inner)));
        let life = life(&mut fields);
        fields.finish()?;
        let (Some(description), Some(sources)) = (description, sources) else {
            return Err(ArgusError::field("source", "is required"));
        };
        Ok(Self { description, sources, constraints: constraints.unwrap_or_default(), life })
    }

    /// From where the key shall be used.
    #[must_use]
    pub const fn sources(&self) -> &IpRanges {
        &self.sources
    }

    /// The key that is meant, of a user of this domain.
    ///
    /// # Errors
    /// 412 when a constraint names nothing; 503.
    pub async fn meant(self, lane: &mut DefinitionLane, domain: DomainId) -> Result<NewApiKey, ArgusError> {
        let Self { description, sources, constraints, life } = self;
        let found = lookup::constraints(lane.connection(), domain, &constraints).await?;
        let bad = |list| ArgusError::field(format!("sessionConstraints.{list}"), "names nothing, or is an empty list");
        Ok(NewApiKey { description, sources, constraints: found.map_err(bad)?, life })
    }
}

/// For how long a key shall be renewed: all that is left of the body.
///
/// # Errors
/// 412.
pub fn renewal(mut fields: Fields) -> Result<Seconds, ArgusError> {
    let life = life(&mut fields);
    fields.finish().map(|()| life)
}

/// `expirationDays`; what has no end is not served.
fn life(fields: &mut Fields) -> Seconds {
    if fields.flag("disableExpiration") == Some(true) {
        fields.refuse("disableExpiration", "is not served: every key expires");
    }
    let days = fields.integer("expirationDays", 1..=MAX_API_KEY_DAYS).unwrap_or(DEFAULT_DAYS);
    Seconds(days * 86_400)
}

/// `source`, or the older `validSources`.
fn sources(fields: &mut Fields) -> Option<IpRanges> {
    let name = match (fields.has("source"), fields.has("validSources")) {
        (true, true) => {
            fields.refuse("validSources", "must not be given beside source");
            "source"
        }
        (false, true) => "validSources",
        _ => "source",
    };
    let unrestricted = fields.flag("disableSourceRestriction") == Some(true);
    let older: Option<Vec<IpRange>> = fields.parsed_list("validSources");
    let ranges = if name == "source" { required(fields, "source", source) } else { older };
    if unrestricted && !ranges.as_deref().is_some_and(is_everywhere) {
        fields.refuse("disableSourceRestriction", "is not served: give 0.0.0.0/0 and ::/0 as sources");
    }
    IpRanges::try_from(ranges?).map_err(|problem| fields.refuse(name, problem)).ok()
}

fn source(fields: &mut Fields, name: &str) -> Option<Vec<IpRange>> {
    fields.object(name, |source| {
        let provider = source.text("provider").unwrap_or_else(|| "staticIP".to_owned());
        if provider == "staticIP" {
            return required(source, "staticOptions", static_options);
        }
        source.refuse("provider", "must be staticIP: networks of cloud providers, and none at all, are not served");
        for options in CLOUD_OPTIONS.iter().chain(&["staticOptions"]) {
            source.value(options);
        }
        None
    })
}

fn static_options(fields: &mut Fields, name: &str) -> Option<Vec<IpRange>> {
    fields.object(name, |options| required(options, "ipAddresses", Fields::parsed_list))
}

/// A field that must be there; a bad one is told by its reader.
fn required<T>(fields: &mut Fields, name: &str, read: impl FnOnce(&mut Fields, &str) -> Option<T>) -> Option<T> {
    if !fields.has(name) {
        fields.refuse(name, "is required");
    }
    read(fields, name)
}

fn is_everywhere(ranges: &[IpRange]) -> bool {
    ["0.0.0.0/0", "::/0"].iter().all(|everywhere| ranges.iter().any(|range| range.to_string() == *everywhere))
}
