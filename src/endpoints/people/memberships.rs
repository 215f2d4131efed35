//! `/useradmin/v2/membership` and `/useradmin/v2/membership/search`: who is in which group, of those that a caller sees both ends.

use super::{authority::Administrator, fields::comment, known::sight};
use crate::{
    http::{
        AnyReference, ArgusError, Asking, Caller, Changing, Envelope, Fields, Idp, JsonBody, Page, Reply,
        common_fields::without_ended,
        described_search::{SearchOf, Sorted},
        described_words::described_orders,
        query_fields,
        search_fields::PageQuery,
        search_fields::{self, Match},
    },
    read,
};
use aggregates::group::GroupCommand;
use axum::{extract::State, http::Uri};
use projections::{
    memberships::{self, Added, Criteria, GroupMembership, Place, Search, SortKey},
    search::Period,
    subjects,
};
use serde::Deserialize;
use utoipa::{ToSchema, openapi::Array};
use uuid::Uuid;

const ORDERS: &search_fields::Words<SortKey> = &[("id", SortKey::Id), ("addedTimestamp", SortKey::Added)];
const PLACES: &search_fields::Words<Place> =
    &[("group", Place::Group), ("member", Place::Member), ("addedByUser", Place::AddedBy)];
const TIMES: &search_fields::Words<Added> = &[("addedTimestamp", Added)];

/// What the list takes.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it documents what `get` reads")]
pub(super) struct MembershipListQuery {
    /// Of these users or groups: ids or short names.
    subject: Option<Vec<String>>,
    /// Only false: memberships that ended are in the audit trail.
    #[param(value_type = Option<String>, pattern = "^false$")]
    include_deleted: Option<bool>,
}

/// Which memberships.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it documents what `search` reads")]
pub(super) struct MembershipCriteria {
    /// Of these users or groups: ids or short names.
    #[schema(max_items = 50)]
    subject: Option<Vec<AnyReference>>,
    /// Where these stand: `group`, `member`, `addedByUser`, `all`; as group and as member unless given.
    #[schema(max_items = 20)]
    subject_field_strategy: Option<Vec<String>>,
    /// One of these customers has the group or the member.
    #[schema(max_items = 50)]
    customer: Option<Vec<AnyReference>>,
    /// The domain of subjects and customers; the caller's unless given.
    domain: Option<AnyReference>,
    /// Begun not before, in milliseconds: a number or its digits.
    start_timestamp: Option<AnyReference>,
    /// Begun not after.
    end_timestamp: Option<AnyReference>,
    /// `addedTimestamp` or `all`.
    #[schema(max_items = 20)]
    time_field_strategy: Option<Vec<String>>,
    /// Whether one of the times is enough.
    time_match_strategy: Option<Match>,
    /// Only false: memberships that ended are in the audit trail.
    include_deleted: Option<bool>,
}

impl Sorted for MembershipCriteria {
    fn orders() -> Array {
        described_orders(ORDERS)
    }
}

/// What is to end.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it documents what `delete` reads")]
pub(super) struct MembershipQuery {
    /// The ids of memberships.
    #[serde(rename = "membershipID")]
    membership_id: Vec<String>,
    /// Why, in words.
    comment: Option<String>,
}

/// Lists memberships.
///
/// # Errors
/// 401; 403 for a caller who may view neither users nor groups of anybody; 412.
#[utoipa::path(get, path = "/useradmin/v2/membership", params(MembershipListQuery, PageQuery),
    responses((status = 200, description = "A page of memberships.", body = Envelope<Vec<GroupMembership>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &["subject"])?;
    let search = search_fields::list(&mut query, ORDERS, |query| Criteria {
        subjects: search_fields::few(query, "subject"),
        ..Criteria::default()
    });
    let ended = query.switch("includeDeleted");
    without_ended(&mut query, ended);
    query.finish()?;
    answer(&idp, &caller, &search).await
}

/// Searches for memberships.
///
/// # Errors
/// 401; 403 for a caller who may view neither users nor groups of anybody; 412.
#[utoipa::path(post, path = "/useradmin/v2/membership/search", request_body = SearchOf<MembershipCriteria>,
    responses((status = 200, description = "A page of memberships.", body = Envelope<Vec<GroupMembership>>), ArgusError))]
pub async fn search(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    let mut fields = body.fields();
    let ended = fields.flag("includeDeleted");
    without_ended(&mut fields, ended);
    let search = search_fields::search(&mut fields, ORDERS, criteria);
    fields.finish()?;
    answer(&idp, &caller, &search).await
}

/// Ends memberships: 200 with those that ended.
///
/// # Errors
/// 401; 403 for a caller who may not manage one of the groups, or may do less than it; 404 when one is not in sight; 412; 503.
#[utoipa::path(delete, path = "/useradmin/v2/membership", params(MembershipQuery),
    responses((status = 200, description = "The memberships that ended.", body = Envelope<Vec<GroupMembership>>), ArgusError))]
pub async fn delete(State(idp): State<Idp>, Changing(caller): Changing, uri: Uri) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, None).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &["membershipID"])?;
    if !query.has("membershipID") {
        query.refuse("membershipID", "is required");
    }
    let mut ids = query.parsed_list::<Uuid>("membershipID").unwrap_or_default();
    let comment = comment(&mut query);
    query.finish()?;
    ids.sort_unstable();
    ids.dedup();
    let mut administrator = Administrator::open_in_bulk(&idp, &caller, sight, comment).await?;
    let c = administrator.desk.lane().connection();
    let rows = memberships::list_by_ids(c, &administrator.sight, &ids).await?;
    if rows.len() < ids.len() {
        return Err(ArgusError::NotFound);
    }
    let mut ended = Vec::new();
    for row in rows {
        let c = administrator.desk.lane().connection();
        let group = subjects::show(c, &administrator.sight, row.group).await?.ok_or(ArgusError::NotFound)?;
        administrator.may_change(&group).await?;
        administrator.tell_group(row.group, GroupCommand::RemoveMember { member: row.member }).await?;
        ended.push(GroupMembership { flags: vec!["deleted".to_owned()], ..row.shown });
    }
    administrator.desk.commit().await?;
    Ok(Reply::list(&ended, Page::whole(ended.len())))
}

fn criteria(fields: &mut Fields) -> Criteria {
    let places = fields.texts("subjectFieldStrategy").unwrap_or_default();
    let mut known = Vec::new();
    for place in &places {
        match PLACES.iter().find(|(name, _)| name == place) {
            Some((_, place)) => known.push(*place),
            None if place == "all" => known.extend(PLACES.iter().map(|(_, place)| *place)),
            None => fields.refuse("subjectFieldStrategy", "must be of group, member, addedByUser, all"),
        }
    }
    let period: Period<Added> = search_fields::period(fields, TIMES);
    Criteria {
        subjects: search_fields::few(fields, "subject"),
        places: known,
        customers: search_fields::few(fields, "customer"),
        domain: fields.reference("domain"),
        period,
    }
}

async fn answer(idp: &Idp, caller: &Caller, search: &Search) -> Result<Reply, ArgusError> {
    let sight = sight(idp, caller, None).await?;
    let found = search_fields::found(read!(idp.database.searches(), |c| memberships::search(c, &sight, search)))?;
    let rows: Vec<_> = found.rows.into_iter().map(|row| row.shown).collect();
    Ok(Reply::list(&rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}
