//! Which function implies which, edge by edge.

use crate::{
    infos::{FunctionInfo, SubjectInfo, actor_info, function_info},
    search::{self, Column, Found, Query, push_references},
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A search for edges.
pub type MappingSearch = search::Search<MappingCriteria, MappingSortKey>;

/// One function implies another directly.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// The id; the same whenever the same two are put together.
    #[schema(value_type = String, format = "uuid")]
    pub id: Uuid,
    /// The one that implies the other.
    pub parent: FunctionInfo,
    /// The other.
    pub child: FunctionInfo,
    /// Always empty: there is no more of a mapping that was taken back than its place in the audit trail.
    pub flags: Vec<String>,
    /// When it was made, in milliseconds.
    pub created_timestamp: i64,
    /// By which user; null: by the command line.
    pub created_by_user: Option<SubjectInfo>,
}

impl FromRow<'_, PgRow> for Mapping {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        row.try_get("shown").map(|Json(shown)| shown)
    }
}

/// Conditions that an edge must all meet. References are numbers, short names or UUIDs.
#[derive(Debug, Clone, Default)]
pub struct MappingCriteria {
    /// Whose parent is one of these.
    pub parents: Option<Vec<String>>,
    /// Whose child is one of these.
    pub children: Option<Vec<String>>,
}

impl search::Criteria for MappingCriteria {
    fn push<'q>(&'q self, q: &mut Query<'q>) {
        push_references(q, "e.parent_id", "functions", self.parents.as_ref());
        push_references(q, "e.child_id", "functions", self.children.as_ref());
    }
}

/// What results can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MappingSortKey {
    /// The id.
    Id,
    /// The parent's short name.
    ParentName,
    /// The child's short name.
    ChildName,
}

impl Column for MappingSortKey {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "e.id",
            Self::ParentName => "lower(p.short_name)",
            Self::ChildName => "lower(f.short_name)",
        }
    }
}

/// The edges that meet the search.
///
/// # Errors
/// When the database cannot answer.
pub async fn search_mappings(c: &mut PgConnection, search: &MappingSearch) -> Result<Found<Mapping>, sqlx::Error> {
    let [parent, child] = ["e.parent_id", "e.child_id"].map(function_info);
    let added_by = actor_info("e.added_by");
    let shown = format!(
        "jsonb_build_object('id', e.id, 'parent', {parent}, 'child', {child}, 'flags', '[]'::jsonb,
            'createdTimestamp', e.added_at, 'createdByUser', {added_by}) AS shown"
    );
    let statement = |columns: &str| {
        let mut q = Query::new("SELECT ");
        q.push(columns).push(" FROM function_children e JOIN functions p ON p.id = e.parent_id");
        q.push(" JOIN functions f ON f.id = e.child_id WHERE TRUE");
        q
    };
    search.fetch(c, statement, (&shown, "p.number, f.number")).await
}
