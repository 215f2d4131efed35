//! `/audit/v1`: the audit trail, for holders of `viewAuditTrail`.

pub mod entries;
