//! `GET /currentuser/v1/functions`: the functions that the caller holds for some customer.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::functions::{self, HeldFunction};

/// Which functions.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes the query that `get` reads")]
pub struct OwnFunctions {
    /// Words that name or description must hold, every one of them.
    #[param(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// Whether only roles count.
    only_roles: Option<bool>,
    /// `true`, and nothing else.
    #[param(value_type = Option<String>, pattern = "^true$")]
    require_permission: Option<bool>,
    /// `current`, `external`, `standard` or `administrative`.
    #[param(pattern = "^(current|external|standard|administrative)$")]
    max_security_level: Option<String>,
}

/// `keywords` (repeatable: every one must be in the name or description), `onlyRoles`, `limit`, `offset`. `requirePermission` may
/// only be true, as it is by default, and `maxSecurityLevel` narrows nothing: every session may use what its user holds.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/currentuser/v1/functions", params(OwnFunctions, search_fields::PageQuery),
    responses((status = 200, description = "The functions.", body = Envelope<Vec<HeldFunction>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &["keywords"])?;
    let keywords = search_fields::few(&mut query, "keywords").unwrap_or_default();
    let only_roles = query.switch("onlyRoles").unwrap_or_default();
    if query.switch("requirePermission") == Some(false) {
        query.refuse("requirePermission", "must be true: functions that are not held are listed at /users/v2/function");
    }
    query.word::<String>("maxSecurityLevel", &["current", "external", "standard", "administrative"]);
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let rights = &caller.rights;
    let held = read!(idp.database.connections(), |c| functions::list_held(c, rights))?;
    let wanted: Vec<_> = held.into_iter().filter(|held| matches(held, only_roles, &keywords)).collect();
    let Page { count, .. } = Page::whole(wanted.len());
    let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
    let page: Vec<_> = wanted.into_iter().skip(skipped).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect();
    Ok(Reply::list(&page, Page { limit, offset, count }))
}

fn matches(held: &HeldFunction, only_roles: bool, keywords: &[String]) -> bool {
    let text = format!("{}\n{}", held.name, held.description).to_lowercase();
    (!only_roles || held.flags.iter().any(|flag| flag == "ROLE"))
        && keywords.iter().all(|word| text.contains(&word.to_lowercase()))
}
