//! Customers, searched and looked up, within what a caller sees.

use super::view::{CustomerView, GROUP, columns};
use crate::search::{self, Column, Found, Keywords, Query, push_flags, push_keywords, push_meant, push_references};
use aggregates::ids::{CustomerId, DomainId};
use sqlx::PgConnection;

/// A search for customers.
pub type Search = search::Search<Criteria, SortKey>;

/// Conditions that a customer must all meet. References are numbers, short names or UUIDs.
#[derive(Debug, Clone, Default)]
pub struct Criteria {
    /// In one of these domains.
    pub domains: Option<Vec<String>>,
    /// One of these.
    pub customers: Option<Vec<String>>,
    /// Directly below one of these.
    pub parents: Option<Vec<String>>,
    /// Below one of these, directly or not.
    pub ancestors: Option<Vec<String>>,
    /// Of one of these types; none: of either.
    pub types: Vec<CustomerType>,
    /// With all of these flags.
    pub include: Vec<Flag>,
    /// With none of these flags.
    pub exclude: Vec<Flag>,
    /// With these words.
    pub keywords: Keywords<KeywordField>,
}

impl search::Criteria for Criteria {
    fn push<'q>(&'q self, q: &mut Query<'q>) {
        push_references(q, "k.domain_id", "domains", self.domains.as_ref());
        push_references(q, "k.id", "customers", self.customers.as_ref());
        push_below(q, "SELECT o.id", "k.parent_id", self.parents.as_ref());
        push_below(q, "SELECT w.customer_id", "k.id", self.ancestors.as_ref());
        if !self.types.is_empty() {
            q.push(" AND CASE WHEN ").push(GROUP).push(" THEN ").push_bind(self.types.contains(&CustomerType::Group));
            q.push(" ELSE ").push_bind(self.types.contains(&CustomerType::Leaf)).push(" END");
        }
        push_flags(q, &self.include, &self.exclude);
        push_keywords(q, &self.keywords, &KeywordField::ALL);
    }
}

/// ` AND <column>` is what `selected` makes of the references to `o`, which the caller must see, and of all below it, `w`.
fn push_below(q: &mut Query<'_>, selected: &str, column: &str, references: Option<&Vec<String>>) {
    let Some(references) = references else { return };
    q.push(" AND ").push(column).push(" IN (").push(selected).push(" FROM customers o");
    q.push(" CROSS JOIN LATERAL customers_within(o.id) w WHERE w.customer_id <> o.id");
    q.push(" AND o.id IN (SELECT s.id FROM seen s) AND ");
    push_meant(q, references);
    q.push(")");
}

/// Whether others lie below a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerType {
    /// Yes.
    Group,
    /// No.
    Leaf,
}

/// A flag that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// `disabled`
    Disabled,
    /// `rootCustomerGroup`
    Root,
}

impl Column for Flag {
    fn sql(self) -> &'static str {
        match self {
            Self::Disabled => "k.disabled",
            Self::Root => "(k.parent_id IS NULL)",
        }
    }
}

/// A field in which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordField {
    /// The integer id.
    Id,
    /// The short name.
    ShortName,
    /// The name.
    Name,
}

impl KeywordField {
    /// Every field.
    pub const ALL: [Self; 3] = [Self::Id, Self::ShortName, Self::Name];
}

impl Column for KeywordField {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "k.number::text",
            Self::ShortName => "k.short_name",
            Self::Name => "k.name",
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
    /// The name.
    Name,
}

impl Column for SortKey {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "k.number",
            Self::ShortName => "lower(k.short_name)",
            Self::Name => "lower(k.name)",
        }
    }
}

/// Begins a statement: `seen`, the customers for which a caller holds something, and all below them. Rights end at a customer
/// that is disabled, sight does not: somebody has to let it in again.
pub(crate) fn seen<'q>(held: &[CustomerId]) -> Query<'q> {
    let ids: Vec<_> = held.iter().map(|customer| customer.uuid()).collect();
    let mut q = Query::new("WITH RECURSIVE seen (id) AS (SELECT unnest(");
    q.push_bind(ids).push("::uuid[]) UNION SELECT b.id FROM seen s JOIN customers b ON b.parent_id = s.id) ");
    q
}

/// The customers in sight that meet the search.
///
/// # Errors
/// When the database cannot answer.
pub async fn search(
    c: &mut PgConnection,
    held: &[CustomerId],
    search: &Search,
) -> Result<Found<CustomerView>, sqlx::Error> {
    search.fetch(c, |columns| shown(held, columns), (&columns(), "k.number")).await
}

/// The customer in sight that is meant: by number or UUID, or in the domain by short name.
///
/// # Errors
/// When the database cannot answer.
pub async fn find(
    c: &mut PgConnection,
    held: &[CustomerId],
    (domain, reference): (DomainId, &str),
) -> Result<Option<CustomerView>, sqlx::Error> {
    let mut q = shown(held, &columns());
    q.push(" AND k.domain_id = ").push_bind(domain.uuid());
    q.push(" AND k.id IN (SELECT o.id FROM customers o WHERE o.domain_id = ").push_bind(domain.uuid()).push(" AND ");
    push_meant(&mut q, &[reference.to_owned()]);
    q.push(")");
    q.build_query_as().fetch_optional(c).await
}

fn shown<'q>(held: &[CustomerId], columns: &str) -> Query<'q> {
    let mut q = seen(held);
    q.push("SELECT ").push(columns).push(" FROM customers k WHERE k.id IN (SELECT s.id FROM seen s)");
    q
}
