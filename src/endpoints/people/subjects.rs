//! `/useradmin/v2/subject` and `/useradmin/v2/subject/search`: users and groups together.

use super::{
    described::{SubjectListQuery, SubjectSearch, Words},
    known::sight,
    search_input::{Asked, answer},
};
use crate::http::{ArgusError, Asking, Envelope, Idp, JsonBody, Reply, search_fields::PageQuery};
use axum::{extract::State, http::Uri};
use projections::subjects::Subject;

const ASKED: Asked = Asked { kind: None, basic: false };

/// Lists users and groups.
///
/// # Errors
/// 401; 403 for a caller who may view neither users nor groups of anybody; 412.
#[utoipa::path(get, path = "/useradmin/v2/subject", params(SubjectListQuery, PageQuery, Words),
    responses((status = 200, description = "A page of users and groups.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    answer(&idp, &sight, &ASKED.of_list(&uri)?, |subject| subject).await
}

/// Searches for users and groups.
///
/// # Errors
/// 401; 403 for a caller who may view neither users nor groups of anybody; 412.
#[utoipa::path(post, path = "/useradmin/v2/subject/search", request_body = SubjectSearch,
    responses((status = 200, description = "A page of users and groups.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn search(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    answer(&idp, &sight, &ASKED.of_search(body.fields())?, |subject| subject).await
}
