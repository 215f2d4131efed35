//! What a search for permissions asks for.

use crate::search::{self, Column, Keywords, Period, Query, push_keywords, push_meant, push_period};

/// A search for permissions.
pub type Search = search::Search<Criteria, SortKey>;

/// Which relatives of what is asked for count as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relatives {
    /// Those above: groups around a subject, customers above a customer, functions that imply a function.
    pub above: bool,
    /// Those below: members of a group, subcustomers, functions that are implied.
    pub below: bool,
}

/// Conditions that a permission must all meet. References are numbers, short names or UUIDs.
#[derive(Debug, Clone, Default)]
pub struct Criteria {
    /// In the domain that is meant; none: in any.
    pub domain: Option<String>,
    /// Held by one of these users and groups, or by relatives.
    pub subjects: Option<Vec<String>>,
    /// Which.
    pub subject_relatives: Relatives,
    /// For one of these customers, or relatives.
    pub customers: Option<Vec<String>>,
    /// Which.
    pub customer_relatives: Relatives,
    /// With one of these functions, or relatives.
    pub functions: Option<Vec<String>>,
    /// Which.
    pub function_relatives: Relatives,
    /// With these words.
    pub keywords: Keywords<KeywordField>,
    /// When it was granted.
    pub period: Period<Happening>,
}

impl search::Criteria for Criteria {
    fn push<'q>(&'q self, q: &mut Query<'q>) {
        if let Some(domain) = &self.domain {
            q.push(" AND k.domain_id IN (SELECT o.id FROM domains o WHERE ");
            push_meant(q, std::slice::from_ref(domain));
            q.push(")");
        }
        push_related(q, ("p.subject_id", SUBJECTS), self.subjects.as_ref(), self.subject_relatives);
        push_related(q, ("p.customer_id", CUSTOMERS), self.customers.as_ref(), self.customer_relatives);
        push_related(q, ("p.function_id", FUNCTIONS), self.functions.as_ref(), self.function_relatives);
        push_keywords(q, &self.keywords, &KeywordField::ALL);
        push_period(q, &self.period, &[Happening::Granted]);
    }
}

/// How a kind of object is found, and its relatives from the object `o`.
struct Kind {
    table: &'static str,
    above: &'static str,
    below: &'static str,
}

const SUBJECTS: Kind = Kind {
    table: "(SELECT u.id, u.number, u.user_name AS short_name, u.customer_id FROM users u WHERE u.status <> 'deleted'
        UNION ALL SELECT g.id, g.number, g.short_name, g.customer_id FROM groups g WHERE NOT g.deleted)",
    above: "SELECT a.subject_id FROM memberships_of(o.id) a",
    // Who is in a group is told of the groups of customers in sight alone.
    below: "SELECT b.subject_id FROM members_of(o.id) b WHERE o.customer_id IN (SELECT s.id FROM seen s)",
};
const CUSTOMERS: Kind = Kind {
    table: "(SELECT c.* FROM customers c JOIN seen s ON s.id = c.id)",
    above: "SELECT a.customer_id FROM customers_above(o.id) a",
    below: "SELECT b.customer_id FROM customers_within(o.id) b",
};
const FUNCTIONS: Kind = Kind {
    table: "functions",
    above: "SELECT a.function_id FROM functions_implying(o.id) a",
    below: "SELECT b.function_id FROM functions_within(o.id) b",
};

fn push_related(
    q: &mut Query<'_>,
    (column, kind): (&str, Kind),
    references: Option<&Vec<String>>,
    relatives: Relatives,
) {
    let Some(references) = references else { return };
    q.push(" AND ")
        .push(column)
        .push(" IN (SELECT r.id FROM ")
        .push(kind.table)
        .push(" o CROSS JOIN LATERAL (SELECT o.id");
    if relatives.above {
        q.push(" UNION ").push(kind.above);
    }
    if relatives.below {
        q.push(" UNION ").push(kind.below);
    }
    q.push(") r (id) WHERE ");
    push_meant(q, references);
    q.push(")");
}

/// A field in which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordField {
    /// The function's short name.
    Function,
    /// The subject's short name.
    Subject,
    /// The customer's short name.
    Customer,
}

impl KeywordField {
    /// Every field.
    pub const ALL: [Self; 3] = [Self::Function, Self::Subject, Self::Customer];
}

impl Column for KeywordField {
    fn sql(self) -> &'static str {
        match self {
            Self::Function => "f.short_name",
            Self::Subject => SUBJECT,
            Self::Customer => "k.short_name",
        }
    }
}

const SUBJECT: &str = "coalesce((SELECT u.user_name FROM users u WHERE u.id = p.subject_id),
    (SELECT g.short_name FROM groups g WHERE g.id = p.subject_id))";

/// Something that happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// It was granted.
    Granted,
    /// It was taken back: never yet, as long as it is found.
    Revoked,
}

impl Column for Happening {
    fn sql(self) -> &'static str {
        match self {
            Self::Granted => "p.granted_at",
            Self::Revoked => "NULL::bigint",
        }
    }
}

/// What results can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The integer id.
    Id,
    /// When it was granted.
    Granted,
    /// The function's short name.
    Function,
    /// The subject's short name.
    Subject,
    /// The customer's short name.
    Customer,
}

impl Column for SortKey {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "p.number",
            Self::Granted => "p.granted_at",
            Self::Function => "lower(f.short_name)",
            Self::Subject => SUBJECT,
            Self::Customer => "lower(k.short_name)",
        }
    }
}
