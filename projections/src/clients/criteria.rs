//! What a search for clients asks for.

use crate::search::{self, Column, Keywords, Query, push_flags, push_keywords, push_meant, push_references};

/// Conditions that a client must all meet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// Bound to one of these customers, or to a subcustomer of one.
    pub customers: Option<Vec<String>>,
    /// Defined in one of these domains.
    pub domains: Option<Vec<String>>,
    /// With one of these as its required function.
    pub required_functions: Option<Vec<String>>,
    /// With all of these flags.
    pub include: Vec<Flag>,
    /// With none of these flags.
    pub exclude: Vec<Flag>,
    /// With these words.
    pub keywords: Keywords<KeywordField>,
}

impl search::Criteria for Criteria {
    fn push<'q>(&'q self, q: &mut Query<'q>) {
        if let Some(customers) = &self.customers {
            q.push(" AND k.customer_id IN (SELECT customers_within(v.customer_id) FROM viewed v");
            q.push(" JOIN customers o ON o.id = v.customer_id WHERE ");
            push_meant(q, customers);
            q.push(")");
        }
        push_references(q, "k.domain_id", "domains", self.domains.as_ref());
        push_references(q, "k.required_function_id", "functions", self.required_functions.as_ref());
        push_flags(q, &self.include, &self.exclude);
        push_keywords(q, &self.keywords, &KeywordField::ALL);
    }
}

/// A flag that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// `deleted`
    Deleted,
    /// `hidden`
    Hidden,
}

impl Column for Flag {
    fn sql(self) -> &'static str {
        match self {
            Self::Deleted => "k.deleted",
            Self::Hidden => "k.hidden",
        }
    }
}

/// A field in which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordField {
    /// The UUID.
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
            Self::Id => "k.id::text",
            Self::ShortName => "k.short_name",
            Self::Name => "k.name",
        }
    }
}

/// What results can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The UUID.
    Id,
    /// The name.
    Name,
    /// The short name.
    ShortName,
    /// When it was defined.
    Created,
    /// When it was changed last.
    Updated,
}

impl Column for SortKey {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "k.id",
            Self::Name => "lower(k.name)",
            Self::ShortName => "lower(k.short_name)",
            Self::Created => "k.created_at",
            Self::Updated => "k.updated_at",
        }
    }
}
