//! `GET /audit/v1/entries/export`: every entry that a filter asks for, as a file. Sent while it is read; the last line says how many
//! there are and their SHA-256, so that a file without it is known to be a part.

use super::filter;
use crate::{
    http::{ArgusError, Asking, Idp, query_fields},
    read,
    trail::{Format, export},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::TryStreamExt;
use projections::audit::Asked;

/// Which entries, and as what.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct ExportQuery {
    /// Which ones: `actor:alice client:myclient action:token.* outcome:refused ip:10.0.0.0/8 after:7d -action:token.refreshed`.
    query: Option<String>,
    /// As what.
    #[param(inline)]
    format: Option<Format>,
}

/// Every entry that the trail holds now, in log order, as a download. The last line says `rows` and `sha256`: how many entries
/// stand above it, and the hash of all bytes above it.
///
/// # Errors
/// 401, 403, 412; a failure later on breaks the connection.
#[utoipa::path(get, path = "/audit/v1/entries/export", params(ExportQuery),
    responses((status = 200, description = "The file.",
        content((String = "application/jsonl"), (String = "text/csv; charset=utf-8; header=present"))), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Response, ArgusError> {
    let visible = caller.visible_entries(&idp).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let format: Format = query.word("format", &Format::WORDS).unwrap_or_default();
    let filter = filter(&idp, &mut query);
    query.finish()?;
    let asked = read!(idp.database.connections(), |c| Asked::so_far(c, &filter, &visible))?;
    let lines = export(idp.database.connections().clone(), asked, format);
    let lines = lines.inspect_err(|cause| tracing::error!(%cause, "an export broke off"));
    let disposition = format!("attachment; filename=\"{}\"", format.file_name());
    let mut response = Body::from_stream(lines).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(HeaderValue::try_from(disposition).ok().map(|value| (header::CONTENT_DISPOSITION, value)));
    Ok(response)
}
