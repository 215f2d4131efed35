//! API keys as the API shows them.

use crate::keys::Keys;
use aggregates::values::{IpRange, Timestamp};
use ipnet::IpNet;
use projections::{
    Unseal,
    api_keys::ApiKeyView,
    infos::{CustomerInfo, FunctionInfo, SubjectInfo},
};
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr};
use utoipa::ToSchema;

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyDescriptor {
    /// The public part, two segments: `1ab/2c`.
    #[schema(value_type = String)]
    prefix: String,
    /// What it is for.
    description: String,
    /// From where it may be used.
    source: ApiKeySource,
    /// The same in the older form.
    valid_sources: Vec<NetworkAddress>,
    /// How it is narrowed; absent lists do not narrow.
    constraints: ApiKeyConstraints,
    /// The user who made it; nobody for a key that was made on the command line.
    created_by_user: Option<SubjectInfo>,
    /// When it was made, in milliseconds.
    #[schema(value_type = i64)]
    created_timestamp: Timestamp,
    /// Until when it may be used, in milliseconds.
    #[schema(value_type = i64)]
    valid_until: Timestamp,
    /// When it was last used, in milliseconds; lags by some seconds.
    #[schema(value_type = Option<i64>)]
    last_used_timestamp: Option<Timestamp>,
    /// From where.
    #[serde(rename = "lastUsedIP")]
    last_used_ip: Option<NetworkAddress>,
}

/// From where a key may be used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeySource {
    /// Always `staticIP`.
    provider: &'static str,
    /// The networks.
    static_options: ApiKeyStaticOptions,
}

/// The networks that a key may be used from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyStaticOptions {
    /// In CIDR notation.
    ip_addresses: Vec<String>,
}

/// How a key is narrowed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyConstraints {
    /// Only these functions and what they imply.
    #[serde(skip_serializing_if = "Option::is_none")]
    functions: Option<Vec<FunctionInfo>>,
    /// Only for these customers and those below.
    #[serde(skip_serializing_if = "Option::is_none")]
    customers: Option<Vec<CustomerInfo>>,
    /// It changes nothing.
    read_only: bool,
}

/// An address or a network.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkAddress {
    /// The address, or the first of the network.
    address: String,
    /// The length of the network's prefix.
    mask_bits: u8,
    /// Whether it is a single address.
    host: bool,
    /// Whether it is IPv6.
    ipv6: bool,
    /// Whether it is a multicast address.
    multicast: bool,
    /// Whether it is reachable from everywhere.
    public: bool,
}

/// Keys of one user.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyList {
    /// Those that may be used now, the oldest first.
    pub keys: Vec<ApiKeyDescriptor>,
}

/// A new key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssuedApiKey {
    /// The key, as the header `Argus-API-Key` takes it. It is never shown again.
    pub api_key_string: String,
    /// What it is.
    pub key_descriptor: ApiKeyDescriptor,
}

/// A key that was renewed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RenewedApiKey {
    /// What it is. The key itself is the same, and is not shown.
    pub renewed_key: ApiKeyDescriptor,
}

/// A key as its owner and administrators see it.
#[must_use]
pub fn describe(view: ApiKeyView, keys: &Keys) -> ApiKeyDescriptor {
    let opened = view.used_from.and_then(|sealed| keys.open(view.personal_key.as_deref()?, &sealed));
    let sources = || view.sources.iter().map(IpRange::to_string);
    ApiKeyDescriptor {
        source: ApiKeySource {
            provider: "staticIP",
            static_options: ApiKeyStaticOptions { ip_addresses: sources().collect() },
        },
        valid_sources: sources().filter_map(|range| Some(network(range.parse().ok()?))).collect(),
        prefix: view.prefix.to_string(),
        description: view.description,
        constraints: ApiKeyConstraints {
            functions: view.functions,
            customers: view.customers,
            read_only: view.read_only,
        },
        created_by_user: view.created_by,
        created_timestamp: view.created_at,
        valid_until: view.expires_at,
        last_used_timestamp: view.used_at,
        last_used_ip: opened.and_then(|address| Some(network(address.parse::<IpAddr>().ok()?.into()))),
    }
}

fn network(network: IpNet) -> NetworkAddress {
    let address = network.network();
    NetworkAddress {
        address: address.to_string(),
        mask_bits: network.prefix_len(),
        host: network.prefix_len() == network.max_prefix_len(),
        ipv6: address.is_ipv6(),
        multicast: address.is_multicast(),
        public: is_public(address),
    }
}

fn is_public(address: IpAddr) -> bool {
    let special = address.is_loopback() || address.is_unspecified() || address.is_multicast();
    let local = match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || v4 == Ipv4Addr::BROADCAST,
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    !special && !local
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_network_is_told_from_an_address_and_what_is_local_from_what_is_public() {
        for (text, public, host) in [
            ("10.0.0.0/8", false, false),
            ("192.168.1.7/32", false, true),
            ("127.0.0.1/32", false, true),
            ("fd00::/8", false, false),
            ("fe80::1/128", false, true),
            ("224.0.0.1/32", false, true),
            ("0.0.0.0/0", false, false),
            ("192.0.2.0/24", true, false),
            ("2001:db8::1/128", true, true),
        ] {
            let shown = network(text.parse().unwrap());
            assert_eq!((shown.public, shown.host), (public, host), "{text}");
            assert_eq!(format!("{}/{}", shown.address, shown.mask_bits), text);
        }
    }
}
