//! What a search for users and groups asks for.

use crate::{
    infos::SubjectType,
    search::{
        self, Column, Keywords, Period, Query, push_flags, push_keywords, push_meant, push_period, push_references,
    },
};

/// Conditions that a user or a group must all meet. References are numbers, short names or UUIDs.
#[derive(Debug, Clone, Default)]
pub struct Criteria {
    /// In one of these domains.
    pub domains: Option<Vec<String>>,
    /// One of these.
    pub subjects: Option<Vec<String>>,
    /// Of one of these customers, or of a subcustomer of one.
    pub customers: Option<Vec<String>>,
    /// In one of these groups, directly or not.
    pub ancestors: Option<Vec<String>>,
    /// In one of these groups directly.
    pub parents: Option<Vec<String>>,
    /// What it is.
    pub kind: Option<SubjectType>,
    /// With all of these flags.
    pub include: Vec<Flag>,
    /// With none of these flags.
    pub exclude: Vec<Flag>,
    /// Whether deleted ones are found as well.
    pub deleted: bool,
    /// With these words.
    pub keywords: Keywords<KeywordField>,
    /// When something happened to it.
    pub period: Period<Happening>,
}

impl search::Criteria for Criteria {
    fn push<'q>(&'q self, q: &mut Query<'q>) {
        push_references(q, "s.domain_id", "domains", self.domains.as_ref());
        if let Some(subjects) = &self.subjects {
            let folded: Vec<_> = subjects.iter().map(|reference| reference.to_ascii_lowercase()).collect();
            q.push(" AND ARRAY[s.id::text, s.number::text, s.folded] && ").push_bind(folded);
        }
        if let Some(customers) = &self.customers {
            q.push(" AND s.customer_id IN (SELECT customers_within(o.id) FROM customers o");
            q.push(" WHERE o.id IN (SELECT id FROM seen_users UNION SELECT id FROM seen_groups) AND ");
            push_meant(q, customers);
            q.push(")");
        }
        push_membership(q, self.parents.as_ref(), false);
        push_membership(q, self.ancestors.as_ref(), true);
        if let Some(kind) = self.kind {
            q.push(" AND s.type = ").push(match kind {
                SubjectType::User => "'user'",
                SubjectType::Group => "'group'",
            });
        }
        push_flags(q, &self.include, &self.exclude);
        push_keywords(q, &self.keywords, &KeywordField::ALL);
        push_period(q, &self.period, &Happening::ALL);
    }
}

/// ` AND` it is in one of the groups, of those that the caller sees; `far`: also through other groups.
fn push_membership(q: &mut Query<'_>, groups: Option<&Vec<String>>, far: bool) {
    let Some(groups) = groups else { return };
    q.push(" AND s.id IN (WITH RECURSIVE within (id) AS (SELECT m.member_id FROM groups o JOIN group_members m ON m.group_id = o.id");
    q.push(" WHERE NOT o.deleted AND o.customer_id IN (SELECT id FROM seen_groups) AND ");
    push_meant(q, groups);
    if far {
        q.push(" UNION SELECT m.member_id FROM within w JOIN groups g ON g.id = w.id AND NOT g.deleted");
        q.push(" JOIN group_members m ON m.group_id = g.id");
    }
    q.push(") SELECT id FROM within)");
}

/// A flag that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// `deleted`
    Deleted,
    /// `blocked`
    Blocked,
    /// `forcePasswordChange`
    ForcePasswordChange,
    /// `daemonAccount`
    DaemonAccount,
    /// `passwordNotSet`
    PasswordNotSet,
}

impl Column for Flag {
    fn sql(self) -> &'static str {
        match self {
            Self::Deleted => "s.deleted",
            Self::Blocked => "s.blocked",
            Self::ForcePasswordChange => "s.must_change",
            Self::DaemonAccount => "s.daemon",
            Self::PasswordNotSet => "s.passwordless",
        }
    }
}

/// A field in which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordField {
    /// The short name.
    ShortName,
    /// The name.
    Name,
    /// The e-mail address.
    Email,
    /// The telephone number.
    PhoneNumber,
}

impl KeywordField {
    /// Every field.
    pub const ALL: [Self; 4] = [Self::ShortName, Self::Name, Self::Email, Self::PhoneNumber];
}

impl Column for KeywordField {
    fn sql(self) -> &'static str {
        match self {
            Self::ShortName => "s.short_name",
            Self::Name => "s.name",
            Self::Email => "s.email",
            Self::PhoneNumber => "s.phone",
        }
    }
}

/// Something that happened to it, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// It was made.
    Created,
    /// It was changed last.
    Updated,
    /// It was deleted.
    Deleted,
}

impl Happening {
    /// Everything.
    pub const ALL: [Self; 3] = [Self::Created, Self::Updated, Self::Deleted];
}

impl Column for Happening {
    fn sql(self) -> &'static str {
        match self {
            Self::Created => "s.created_at",
            Self::Updated => "coalesce(s.updated_at, s.created_at)",
            Self::Deleted => "s.deleted_at",
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
    /// The e-mail address.
    Email,
    /// When something happened to it.
    Time(Happening),
}

impl Column for SortKey {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "s.number",
            Self::ShortName => "s.folded",
            Self::Name => "lower(s.name)",
            Self::Email => "lower(s.email)",
            Self::Time(happening) => happening.sql(),
        }
    }
}
