//! An authentication event of the API, and how a page of them is asked for.

use crate::{
    http::{ArgusError, Fields, Idp, Page, Reply, search_fields},
    read,
};
use aggregates::values::Timestamp;
use projections::{
    audit::{Authentication, Visible, Wanted, list_authentications},
    infos::{CustomerInfo, SubjectInfo},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::{Builder, Uuid};

/// Which time.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the query")]
pub struct EventQuery {
    /// Not before, in milliseconds.
    #[param(minimum = 0)]
    start_timestamp: Option<i64>,
    /// Not after, in milliseconds.
    #[param(minimum = 0)]
    end_timestamp: Option<i64>,
}

/// Something that happened when somebody signed in, or to whether they can.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationEvent {
    /// Which one.
    #[schema(value_type = String)]
    id: Uuid,
    /// `login`, `userBlocked` or `userUnblocked`.
    action: &'static str,
    /// `success` or `failure`.
    result: &'static str,
    /// How the user proved who they are; none where that did not succeed.
    authentication_method: Option<String>,
    /// From where, unless erased.
    ip: Option<String>,
    /// Who, when that is known.
    user: Option<SubjectInfo>,
    /// The user's customer.
    customer: Option<CustomerInfo>,
    /// In words.
    message: String,
    /// When, in milliseconds.
    #[schema(value_type = i64)]
    timestamp: Timestamp,
}

/// Takes time and page out of the query.
pub(super) fn wanted(fields: &mut Fields) -> Wanted {
    let mut time = |name| fields.integer(name, 0..=i64::MAX).map(Timestamp::from_millis);
    let (since, until) = (time("startTimestamp"), time("endTimestamp"));
    let (limit, offset) = search_fields::page(fields);
    Wanted { since, until, limit, offset, ..Wanted::default() }
}

/// The page, of what is visible.
pub(super) async fn answer(idp: &Idp, wanted: &Wanted, visible: &Visible) -> Result<Reply, ArgusError> {
    let found = search_fields::found(read!(idp.database.searches(), |c| list_authentications(c, wanted, visible)))?;
    let events: Vec<_> = found.rows.into_iter().map(shown).collect();
    Ok(Reply::list(&events, Page { limit: wanted.limit, offset: wanted.offset, count: found.count }))
}

fn shown(entry: Authentication) -> AuthenticationEvent {
    let (action, result, message) = match (entry.action.as_str(), entry.reason) {
        ("user.blocked", _) => ("userBlocked", "success", "blocked".to_owned()),
        ("user.unblocked", _) => ("userUnblocked", "success", "unblocked".to_owned()),
        ("sign_in.refused", reason) => {
            ("login", "failure", reason.map_or_else(|| "refused".to_owned(), |reason| reason.replace('_', " ")))
        }
        ("sign_in.repeated", _) => ("login", "success", "signed in again".to_owned()),
        _ => ("login", "success", "signed in".to_owned()),
    };
    AuthenticationEvent {
        id: id(entry.at, entry.position),
        action,
        result,
        authentication_method: entry.method,
        ip: entry.ip,
        user: entry.user,
        customer: entry.customer,
        message,
        timestamp: entry.at,
    }
}

/// Entries have a place, not an id: a UUID of version 8 (RFC 9562 §5.8) from time and place.
fn id(at: Timestamp, position: i64) -> Uuid {
    let value = u128::from(at.millis().unsigned_abs()) << 80 | u128::from(position.unsigned_abs());
    Builder::from_custom_bytes(value.to_be_bytes()).into_uuid()
}
