//! What a search asks for.

/// Conditions that a client must all meet. References are what a caller typed: number, short name or UUID; one that names
/// nothing matches nothing, which is also how something looks that the caller may not see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// Bound to one of these customers, or to a subcustomer of one.
    pub customers: Option<Vec<String>>,
    /// Defined in one of these domains.
    pub domains: Option<Vec<String>>,
    /// With one of these as its required function.
    pub required_functions: Option<Vec<String>>,
    /// With all of these flags.
    pub include: Flags,
    /// With none of these flags.
    pub exclude: Flags,
    /// With these words.
    pub keywords: Vec<String>,
    /// Where the words are looked for; empty: everywhere.
    pub keyword_fields: Vec<KeywordField>,
    /// Whether one of the words is enough.
    pub any_keyword: bool,
}

/// The flags that can be asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// `deleted`
    pub deleted: bool,
    /// `hidden`
    pub hidden: bool,
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

    pub(super) const fn sql(self) -> &'static str {
        match self {
            Self::Id => "k.id::text",
            Self::ShortName => "lower(k.short_name)",
            Self::Name => "lower(k.name)",
        }
    }
}

/// Conditions beside the main ones. Several that are neither `exclude` nor `required` are alternatives: one must be met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubCriteria {
    /// The conditions.
    pub criteria: Criteria,
    /// Must not be met.
    pub exclude: bool,
    /// Must be met.
    pub required: bool,
}

/// An order of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
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

impl SortKey {
    pub(super) const fn sql(self) -> &'static str {
        match self {
            Self::Id => "k.id",
            Self::Name => "lower(k.name)",
            Self::ShortName => "lower(k.short_name)",
            Self::Created => "k.created_at",
            Self::Updated => "k.updated_at",
        }
    }
}
