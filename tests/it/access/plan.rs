//! A small random directory with a user, clients and narrowings, and what the user may do, computed by trying everything.

use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::{Just, Strategy, any},
    prop_oneof,
};
use std::collections::BTreeSet;

pub(super) const FUNCTIONS: usize = 4;
pub(super) const CUSTOMERS: usize = 4;
pub(super) const GROUPS: usize = 3;
/// The user among subjects; groups follow.
pub(super) const USER: usize = 0;

/// Pairs of a function and a customer.
pub(super) type Rights = BTreeSet<(usize, usize)>;

/// What a session or an API key is narrowed to.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    pub(super) functions: Option<BTreeSet<usize>>,
    pub(super) customers: Option<BTreeSet<usize>>,
}

/// A client.
#[derive(Clone, Debug)]
pub(super) struct Delegate {
    pub(super) required: usize,
    pub(super) scope: usize,
    pub(super) customer: Option<usize>,
}

/// A directory. Everything is named by its place in a list; edges lead from lower to higher places, so there are no cycles.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Which function implies which.
    pub(super) implies: BTreeSet<(usize, usize)>,
    /// The customer above; the first is on top.
    pub(super) parents: Vec<usize>,
    pub(super) disabled: BTreeSet<usize>,
    /// Who is in which group: subjects, of which the second is the group.
    pub(super) members: BTreeSet<(usize, usize)>,
    /// Subject, function, customer.
    pub(super) granted: BTreeSet<(usize, usize, usize)>,
    pub(super) delegate: Delegate,
    /// A session narrowed from the user's own; and one that was narrowed from that.
    pub(super) narrowed: [Bound; 2],
    pub(super) api_key: Bound,
    /// What happens later, one after the other.
    pub(super) changes: Vec<Change>,
}

/// Something is taken away, or a client is bound otherwise. Places are of what is there, round and round.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    TakePermission(usize),
    TakeFunction(usize),
    LeaveGroup(usize),
    DisableCustomer(usize),
    BindScope(usize),
}

fn pairs(count: usize) -> impl Strategy<Value = BTreeSet<(usize, usize)>> {
    let pair = (0..count - 1).prop_flat_map(move |low| (Just(low), low + 1..count));
    btree_set(pair, 1..count + 2)
}

fn bound() -> impl Strategy<Value = Bound> {
    let some = |of: usize| option::weighted(0.4, btree_set(0..of, 1..3));
    (some(FUNCTIONS), some(CUSTOMERS)).prop_map(|(functions, customers)| Bound { functions, customers })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<usize>().prop_map(Change::TakePermission),
        any::<usize>().prop_map(Change::TakeFunction),
        any::<usize>().prop_map(Change::LeaveGroup),
        (0..CUSTOMERS).prop_map(Change::DisableCustomer),
        (0..FUNCTIONS).prop_map(Change::BindScope),
    ]
}

/// Any directory.
pub(super) fn plans() -> impl Strategy<Value = Plan> {
    let parents = (0..1_usize, 0..2_usize, 0..3_usize);
    let granted = vec((0..=GROUPS, 0..FUNCTIONS, 0..CUSTOMERS), 2..8);
    let delegate = (0..FUNCTIONS, option::weighted(0.3, 0..CUSTOMERS));
    let edges = (pairs(FUNCTIONS), parents, pairs(GROUPS + 1), granted);
    (edges, delegate, [bound(), bound()], bound(), vec(change(), 2)).prop_map(
        |((implies, parents, members, granted), (scope, customer), narrowed, api_key, changes)| Plan {
            implies,
            parents: [0, parents.0, parents.1, parents.2].into(),
            disabled: BTreeSet::new(),
            members,
            // A function that somebody holds, so that the client is of use to some.
            delegate: Delegate { required: granted[0].1, scope, customer },
            granted: granted.into_iter().collect(),
            narrowed,
            api_key,
            changes,
        },
    )
}

/// Whatever is reached from there along the edges.
fn reached(from: usize, edges: &BTreeSet<(usize, usize)>) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([from]);
    while let Some((_, new)) = edges.iter().find(|(from, to)| found.contains(from) && !found.contains(to)) {
        found.insert(*new);
    }
    found
}

impl Plan {
    /// The customer and those above it.
    fn above(&self, customer: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([customer]);
        let mut at = customer;
        while at != 0 {
            at = self.parents[at];
            found.insert(at);
        }
        found
    }

    /// What the user may do.
    pub(super) fn held(&self) -> Rights {
        let subjects = reached(USER, &self.members);
        let all = (0..FUNCTIONS).flat_map(|function| (0..CUSTOMERS).map(move |customer| (function, customer)));
        all.filter(|(function, customer)| {
            let above = self.above(*customer);
            above.is_disjoint(&self.disabled)
                && self.granted.iter().any(|(subject, granted, place)| {
                    subjects.contains(subject)
                        && reached(*granted, &self.implies).contains(function)
                        && above.contains(place)
                })
        })
        .collect()
    }

    /// Those rights that are within a bound.
    pub(super) fn within(&self, rights: &Rights, bound: &Bound) -> Rights {
        let functions = |function: &usize| {
            let tops = bound.functions.as_ref();
            tops.is_none_or(|tops| tops.iter().any(|top| reached(*top, &self.implies).contains(function)))
        };
        let customers =
            |customer: &usize| bound.customers.as_ref().is_none_or(|tops| !self.above(*customer).is_disjoint(tops));
        rights.iter().filter(|(function, customer)| functions(function) && customers(customer)).copied().collect()
    }

    /// What is left of those rights for the client; none when it may not act at all.
    pub(super) fn delegated(&self, rights: &Rights) -> Option<Rights> {
        let Delegate { required, scope, customer } = self.delegate;
        let may =
            rights.iter().any(|(function, place)| *function == required && customer.is_none_or(|at| at == *place));
        let bound = Bound { functions: Some([scope].into()), customers: customer.map(|customer| [customer].into()) };
        may.then(|| self.within(rights, &bound))
    }
}
