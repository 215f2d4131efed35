//! Functions as the API shows them, written as JSON by the statement that finds them.

use crate::infos::{SubjectInfo, actor_info};
use aggregates::ids::FunctionId;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};
use utoipa::ToSchema;

/// A function as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BasicFunction {
    /// The integer id.
    pub id: i64,
    /// The short name, as that is what a reference accepts.
    pub name: String,
    /// The name to show.
    pub localized_name: String,
    /// What it allows, in words.
    pub localized_description: String,
    /// `role`: administrators hand it out. `deleted`.
    pub flags: Vec<String>,
    /// Always `other`.
    pub role_type: String,
    /// Always `external`: every session may use what its user holds.
    pub minimum_security_level: String,
}

/// A text in the one language that there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InEnglish {
    /// The text.
    pub english: String,
}

/// A function as administrators see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FunctionView {
    /// What everybody sees.
    #[serde(flatten)]
    pub basic: BasicFunction,
    /// What it allows, in words; the same once more.
    pub description: String,
    /// The name to show.
    pub localized_names: InEnglish,
    /// What it allows, in words.
    pub localized_descriptions: InEnglish,
    /// When it was made, in milliseconds.
    pub created_timestamp: i64,
    /// By which user; null: by the command line.
    pub created_by_user: Option<SubjectInfo>,
    /// When it was changed last, in milliseconds.
    pub last_updated_timestamp: i64,
    /// By which user; null: by the command line.
    pub last_updated_by_user: Option<SubjectInfo>,
    /// When it was deleted, in milliseconds.
    pub deleted_timestamp: Option<i64>,
    /// By which user; null: by the command line.
    pub deleted_by_user: Option<SubjectInfo>,
    /// The UUID, which no answer shows.
    #[serde(skip)]
    pub function: FunctionId,
}

impl FromRow<'_, PgRow> for FunctionView {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let Json(shown): Json<Self> = row.try_get("shown")?;
        Ok(Self { function: FunctionId::new(row.try_get("id")?), ..shown })
    }
}

/// SQL for the JSON of a [`BasicFunction`], from the functions `f`.
pub(crate) fn basic_function() -> &'static str {
    "jsonb_build_object('id', f.number, 'name', f.short_name, 'localizedName', f.name, 'localizedDescription', f.description,
        'flags', to_jsonb(array_remove(ARRAY[CASE WHEN f.deleted THEN 'deleted' END, CASE WHEN f.role THEN 'role' END], NULL)),
        'roleType', 'other', 'minimumSecurityLevel', 'external')"
}

/// Everything that a [`FunctionView`] needs, from the functions `f`.
pub(super) fn columns() -> String {
    let basic = basic_function();
    let [created_by, deleted_by] = ["f.created_by", "f.deleted_by"].map(actor_info);
    let updated_by = actor_info("coalesce(f.updated_by, f.created_by)");
    format!(
        "f.id, {basic} || jsonb_build_object('description', f.description,
            'localizedNames', jsonb_build_object('english', f.name),
            'localizedDescriptions', jsonb_build_object('english', f.description),
            'createdTimestamp', f.created_at, 'createdByUser', {created_by},
            'lastUpdatedTimestamp', coalesce(f.updated_at, f.created_at), 'lastUpdatedByUser', {updated_by},
            'deletedTimestamp', f.deleted_at, 'deletedByUser', {deleted_by}) AS shown"
    )
}

/// The function as it is shown, also when deleted.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_view(c: &mut PgConnection, id: FunctionId) -> Result<Option<FunctionView>, sqlx::Error> {
    let sql = format!("SELECT {} FROM functions f WHERE f.id = $1", columns());
    sqlx::query_as(&sql).bind(id.uuid()).fetch_optional(c).await
}

/// In which direction of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relatives {
    /// What it implies.
    Children,
    /// What implies it.
    Parents,
}

/// The direct relatives of a function, in the order of numbers.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_relatives(
    c: &mut PgConnection,
    id: FunctionId,
    relatives: Relatives,
) -> Result<Vec<FunctionView>, sqlx::Error> {
    let (theirs, ours) = match relatives {
        Relatives::Children => ("child_id", "parent_id"),
        Relatives::Parents => ("parent_id", "child_id"),
    };
    let sql = format!(
        "SELECT {} FROM function_children e JOIN functions f ON f.id = e.{theirs} WHERE e.{ours} = $1 ORDER BY f.number",
        columns()
    );
    sqlx::query_as(&sql).bind(id.uuid()).fetch_all(c).await
}
