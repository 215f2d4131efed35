//! What every search of the API shares: conditions with words, times and sub-criteria, an order, and pages with the count of
//! all. A searched noun says what its conditions are ([`Criteria`]) and what its columns are called ([`Column`]); taking away what
//! the caller may not see is up to the noun's own statement, so that neither counts nor order can tell of it.

use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, postgres::PgRow};

/// A statement that is being written.
pub type Query<'q> = QueryBuilder<'q, Postgres>;

/// The conditions of one noun.
pub trait Criteria {
    /// Adds each condition, beginning with ` AND `.
    fn push<'q>(&'q self, q: &mut Query<'q>);
}

/// Something of a noun that can be searched or ordered by.
pub trait Column: Copy {
    /// The expression for it.
    fn sql(self) -> &'static str;
}

/// A search.
#[derive(Debug, Clone)]
pub struct Search<C, K> {
    /// The main conditions.
    pub criteria: C,
    /// Further conditions. Several that are neither `exclude` nor `required` are alternatives: one must be met.
    pub sub_criteria: Vec<SubCriteria<C>>,
    /// The order; what the noun says decides the rest.
    pub sort: Vec<Sort<K>>,
    /// How many at most.
    pub limit: i64,
    /// How many to skip.
    pub offset: i64,
}

/// Conditions beside the main ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubCriteria<C> {
    /// The conditions.
    pub criteria: C,
    /// Must not be met.
    pub exclude: bool,
    /// Must be met.
    pub required: bool,
}

/// An order of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort<K> {
    /// By what.
    pub key: K,
    /// Largest first.
    pub descending: bool,
}

/// Words that must be found in fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keywords<F> {
    /// The words; none: everything is found.
    pub words: Vec<String>,
    /// Where they are looked for; empty: everywhere.
    pub fields: Vec<F>,
    /// Whether one of the words is enough.
    pub any: bool,
}

impl<F> Default for Keywords<F> {
    fn default() -> Self {
        Self { words: Vec::new(), fields: Vec::new(), any: false }
    }
}

/// A time in which something happened, milliseconds, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period<F> {
    /// Not before; `None`: since ever.
    pub from: Option<i64>,
    /// Not after; `None`: for ever.
    pub until: Option<i64>,
    /// What happened; empty: anything.
    pub fields: Vec<F>,
    /// Whether all of it must have happened in the time.
    pub all: bool,
}

impl<F> Default for Period<F> {
    fn default() -> Self {
        Self { from: None, until: None, fields: Vec::new(), all: false }
    }
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found<T> {
    /// This page.
    pub rows: Vec<T>,
    /// How many there are on all pages.
    pub count: i64,
}

impl<C: Criteria, K: Column> Search<C, K> {
    /// Carries it out. `statement` writes `SELECT <columns> FROM … WHERE <what the caller may see>` for the columns it is given,
    /// and `last` is an order in which no two rows are equal.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn fetch<'q, T>(
        &'q self,
        c: &mut PgConnection,
        statement: impl Fn(&str) -> Query<'q>,
        (columns, last): (&str, &str),
    ) -> Result<Found<T>, sqlx::Error>
    where
        T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let mut count = statement("count(*)");
        self.push_conditions(&mut count);
        let count = count.build_query_scalar().fetch_one(&mut *c).await?;
        let mut page = statement(columns);
        self.push_conditions(&mut page);
        page.push(" ORDER BY ");
        for Sort { key, descending } in &self.sort {
            page.push(key.sql()).push(if *descending { " DESC NULLS LAST, " } else { " NULLS LAST, " });
        }
        page.push(last).push(" LIMIT ").push_bind(self.limit).push(" OFFSET ").push_bind(self.offset);
        Ok(Found { rows: page.build_query_as().fetch_all(c).await?, count })
    }

    fn push_conditions<'q>(&'q self, q: &mut Query<'q>) {
        self.criteria.push(q);
        for sub in self.sub_criteria.iter().filter(|sub| sub.required || sub.exclude) {
            push_group(q, if sub.exclude { " AND NOT " } else { " AND " }, &sub.criteria);
        }
        let mut alternatives = self.sub_criteria.iter().filter(|sub| !sub.required && !sub.exclude).peekable();
        if alternatives.peek().is_some() {
            q.push(" AND (FALSE");
            alternatives.for_each(|sub| push_group(q, " OR ", &sub.criteria));
            q.push(")");
        }
    }
}

fn push_group<'q>(q: &mut Query<'q>, joined_by: &str, criteria: &'q impl Criteria) {
    q.push(joined_by).push("(TRUE");
    criteria.push(q);
    // What is unknown (an absent address does not contain a word) is not met.
    q.push(") IS TRUE");
}

/// ` AND <column> IN` the rows of a table that one of the references means: number, short name in any case, or UUID. One that names
/// nothing matches nothing, which is also how something looks that the caller may not see.
pub fn push_references(q: &mut Query<'_>, column: &str, table: &str, references: Option<&Vec<String>>) {
    let Some(references) = references else { return };
    q.push(" AND ").push(column).push(" IN (SELECT o.id FROM ").push(table).push(" o WHERE ");
    push_meant(q, references);
    q.push(")");
}

/// Whether the object `o`, of any table with `id`, `number` and `short_name`, is one of those that were typed.
pub fn push_meant(q: &mut Query<'_>, references: &[String]) {
    let folded: Vec<_> = references.iter().map(|reference| reference.to_ascii_lowercase()).collect();
    q.push("(ARRAY[o.id::text, o.number::text, lower(o.short_name)] && ").push_bind(folded).push(")");
}

/// ` AND` each flag that must be, and none of those that must not; a flag is an SQL condition.
pub fn push_flags<K: Column>(q: &mut Query<'_>, include: &[K], exclude: &[K]) {
    for flag in include {
        q.push(" AND ").push(flag.sql());
    }
    for flag in exclude {
        q.push(" AND NOT ").push(flag.sql());
    }
}

/// ` AND` the words are found, in `all` of the fields unless some are named.
pub fn push_keywords<F: Column>(q: &mut Query<'_>, keywords: &Keywords<F>, all: &[F]) {
    if keywords.words.is_empty() {
        return;
    }
    let fields = if keywords.fields.is_empty() { all } else { &keywords.fields };
    q.push(if keywords.any { " AND (FALSE" } else { " AND (TRUE" });
    for word in &keywords.words {
        q.push(if keywords.any { " OR (FALSE" } else { " AND (FALSE" });
        for field in fields {
            q.push(" OR lower(").push(field.sql()).push(") LIKE ").push_bind(containing(word));
        }
        q.push(")");
    }
    q.push(")");
}

/// ` AND` it happened in the time, whatever of `all` unless some of it is named.
pub fn push_period<F: Column>(q: &mut Query<'_>, period: &Period<F>, all: &[F]) {
    if period.from.is_none() && period.until.is_none() {
        return;
    }
    let fields = if period.fields.is_empty() { all } else { &period.fields };
    q.push(if period.all { " AND (TRUE" } else { " AND (FALSE" });
    for field in fields {
        q.push(if period.all { " AND (" } else { " OR (" });
        q.push(field.sql()).push(" >= ").push_bind(period.from.unwrap_or(i64::MIN)).push(" AND ");
        q.push(field.sql()).push(" <= ").push_bind(period.until.unwrap_or(i64::MAX)).push(")");
    }
    q.push(")");
}

/// The LIKE pattern for "contains this text", whatever characters it has.
fn containing(word: &str) -> String {
    let escaped = word.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_has_no_wildcards() {
        assert_eq!(containing(r"50%_\Off"), r"%50\%\_\\off%");
    }
}
