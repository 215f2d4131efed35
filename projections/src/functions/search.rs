//! Functions, searched. Everybody may know of every function; who holds it is another matter.

use super::view::{FunctionView, columns};
use crate::{
    rights::Rights,
    search::{self, Column, Found, Keywords, Query, push_flags, push_keywords, push_meant, push_references},
};
use sqlx::{PgConnection, types::Json};

/// A search for functions. Deleted ones are left out unless the main conditions let them in.
pub type Search = search::Search<Criteria, SortKey>;

/// Conditions that a function must all meet. References are numbers, short names or UUIDs.
#[derive(Debug, Clone, Default)]
pub struct Criteria {
    /// One of these.
    pub functions: Option<Vec<String>>,
    /// Implied by one of these, directly or not.
    pub ancestors: Option<Vec<String>>,
    /// Implying one of these, directly or not.
    pub descendants: Option<Vec<String>>,
    /// With all of these flags.
    pub include: Vec<Flag>,
    /// With none of these flags.
    pub exclude: Vec<Flag>,
    /// Whether deleted ones are found as well.
    pub deleted: bool,
    /// Whether the caller must hold it for some customer.
    pub held: bool,
    /// With these words.
    pub keywords: Keywords<KeywordField>,
}

impl search::Criteria for Criteria {
    fn push<'q>(&'q self, q: &mut Query<'q>) {
        push_references(q, "f.id", "functions", self.functions.as_ref());
        push_related(q, "functions_within", self.ancestors.as_ref());
        push_related(q, "functions_implying", self.descendants.as_ref());
        push_flags(q, &self.include, &self.exclude);
        if self.held {
            q.push(" AND f.id IN (SELECT h.function_id FROM held h)");
        }
        push_keywords(q, &self.keywords, &KeywordField::ALL);
    }
}

/// ` AND` it is one of those to which `closure` leads from one of the references, which is not its own relative.
fn push_related(q: &mut Query<'_>, closure: &str, references: Option<&Vec<String>>) {
    let Some(references) = references else { return };
    q.push(" AND f.id IN (SELECT w.function_id FROM functions o CROSS JOIN LATERAL ").push(closure);
    q.push("(o.id) w WHERE w.function_id <> o.id AND ");
    push_meant(q, references);
    q.push(")");
}

/// A flag that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// `deleted`
    Deleted,
    /// `role`
    Role,
}

impl Column for Flag {
    fn sql(self) -> &'static str {
        match self {
            Self::Deleted => "f.deleted",
            Self::Role => "f.role",
        }
    }
}

/// A field in which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordField {
    /// The short name, which the API calls name.
    ShortName,
    /// The name to show.
    Name,
    /// What it allows, in words.
    Description,
}

impl KeywordField {
    /// Every field.
    pub const ALL: [Self; 3] = [Self::ShortName, Self::Name, Self::Description];
}

impl Column for KeywordField {
    fn sql(self) -> &'static str {
        match self {
            Self::ShortName => "f.short_name",
            Self::Name => "f.name",
            Self::Description => "f.description",
        }
    }
}

/// What results can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The integer id.
    Id,
    /// The short name.
    ShortName,
}

impl Column for SortKey {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "f.number",
            Self::ShortName => "lower(f.short_name)",
        }
    }
}

/// The functions that meet the search.
///
/// # Errors
/// When the database cannot answer.
pub async fn search(
    c: &mut PgConnection,
    rights: &Rights,
    search: &Search,
) -> Result<Found<FunctionView>, sqlx::Error> {
    let deleted = search.criteria.deleted || search.criteria.include.contains(&Flag::Deleted);
    let statement = |columns: &str| {
        let mut q = Query::new("WITH held AS (SELECT r.function_id FROM rights_within(");
        q.push_bind(rights.user.uuid()).push(", ").push_bind(Json(rights.bounds.clone()));
        q.push(") r) SELECT ").push(columns).push(" FROM functions f WHERE TRUE");
        if !deleted {
            q.push(" AND NOT f.deleted");
        }
        q
    };
    search.fetch(c, statement, (&columns(), "f.number")).await
}
