//! Rights, compared with a computation that tries everything.

#![expect(clippy::indexing_slicing, reason = "tests")]

use super::House;
use aggregates::{
    ids::{CustomerId, DomainId, FunctionId, SubjectId, UserId},
    values::Constraints,
};
use argus::entropy::{Entropy, SeededEntropy};
use projections::rights::{self, Rights};
use sqlx::{Executor, PgConnection};
use std::collections::BTreeSet;
use uuid::Uuid;

const FUNCTIONS: usize = 8;
const CUSTOMERS: usize = 8;
const GROUPS: usize = 5;
const USERS: usize = 4;

/// A random directory in two domains: edges as pairs (from, to), customers by their parent.
struct World {
    implies: Vec<(usize, usize)>,
    parents: Vec<Option<usize>>,
    disabled: Vec<bool>,
    home: Vec<usize>,
    blocked: Vec<bool>,
    /// Members: a user, or GROUPS' index beyond USERS; and the group.
    members: Vec<(usize, usize)>,
    /// Subject as in members, function, customer.
    granted: Vec<(usize, usize, usize)>,
}

struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, limit: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        usize::try_from(u32::from_be_bytes(bytes)).unwrap() % limit
    }

    fn one_in(&self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

fn id(kind: u128, at: usize) -> Uuid {
    Uuid::from_u128((kind << 64) + (u128::try_from(at).unwrap() + 1))
}

fn domain(customer: usize) -> usize {
    customer % 2
}

fn subject(at: usize) -> Uuid {
    if at < USERS { id(5, at) } else { id(4, at - USERS) }
}

impl World {
    fn random(seed: u64) -> Self {
        let dice = Dice(SeededEntropy::new(seed));
        let pairs = |count: usize, chances| -> Vec<(usize, usize)> {
            let all = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
            all.filter(|_| dice.one_in(chances)).collect()
        };
        // A parent of the same domain, or a root: the first of each domain.
        let parents = (0..CUSTOMERS).map(|at| (at > 1).then(|| dice.below(at / 2) * 2 + domain(at))).collect();
        let inner = pairs(GROUPS, 4).into_iter().map(|(a, b)| (USERS + a, b));
        let people = (0..USERS).flat_map(|user| (0..GROUPS).map(move |group| (user, group)));
        Self {
            implies: pairs(FUNCTIONS, 4),
            parents,
            disabled: (0..CUSTOMERS).map(|at| at > 1 && dice.one_in(10)).collect(),
            home: (0..USERS).map(|_| dice.below(CUSTOMERS)).collect(),
            blocked: (0..USERS).map(|_| dice.one_in(6)).collect(),
            members: inner.chain(people.filter(|_| dice.one_in(4))).collect(),
            granted: (0..6)
                .map(|_| (dice.below(USERS + GROUPS), dice.below(FUNCTIONS), dice.below(CUSTOMERS)))
                .collect(),
        }
    }

    async fn store(&self, c: &mut PgConnection) {
        c.execute(
            "TRUNCATE domains, customers, functions, function_children, groups, group_members, users, permissions",
        )
        .await
        .unwrap();
        let mut sql = String::new();
        for at in 0..2 {
            sql += &format!("INSERT INTO domains VALUES ('{}', {at}, 'd{at}', 'd', 0, 1);", id(1, at));
        }
        for (at, parent) in self.parents.iter().enumerate() {
            let parent = parent.map_or("NULL".to_owned(), |parent| format!("'{}'", id(2, parent)));
            sql += &format!(
                "INSERT INTO customers VALUES ('{}', {at}, '{}', {parent}, 'c{at}', 'c', {}, 0, 1);",
                id(2, at),
                id(1, domain(at)),
                self.disabled[at]
            );
        }
        for at in 0..FUNCTIONS {
            sql += &format!("INSERT INTO functions VALUES ('{}', {at}, 'f{at}', 'f', '', false, 0, 1);", id(3, at));
        }
        for (from, to) in &self.implies {
            sql += &format!("INSERT INTO function_children VALUES ('{}', '{}');", id(3, *from), id(3, *to));
        }
        for at in 0..GROUPS {
            sql += &format!(
                "INSERT INTO groups VALUES ('{}', {at}, '{}', '{}', 'g{at}', 'g', '', false, 0, 1);",
                id(4, at),
                id(1, 0),
                id(2, 0)
            );
        }
        for (at, home) in self.home.iter().enumerate() {
            let status = if self.blocked[at] { "blocked" } else { "active" };
            sql += &format!(
                "INSERT INTO users (id, number, domain_id, customer_id, user_name, status, created_at, sequence)
                 VALUES ('{}', {at}, '{}', '{}', 'u{at}', '{status}', 0, 1);",
                id(5, at),
                id(1, domain(*home)),
                id(2, *home)
            );
        }
        for (member, group) in &self.members {
            let kind = if *member < USERS { "user" } else { "group" };
            sql +=
                &format!("INSERT INTO group_members VALUES ('{}', '{}', '{kind}');", id(4, *group), subject(*member));
        }
        for (at, (who, function, customer)) in self.granted.iter().enumerate() {
            sql += &format!(
                "INSERT INTO permissions VALUES ('{}', '{}', '{}', {at}, 0, 'system:test') ON CONFLICT DO NOTHING;",
                subject(*who),
                id(3, *function),
                id(2, *customer)
            );
        }
        c.execute(sqlx::raw_sql(&sql)).await.unwrap();
    }

    fn above(&self, customer: usize) -> Vec<usize> {
        std::iter::successors(Some(customer), |at| self.parents[*at]).collect()
    }

    /// What a function implies, found by following edges until nothing is new.
    fn within(&self, function: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([function]);
        while let Some((_, new)) = self.implies.iter().find(|(from, to)| found.contains(from) && !found.contains(to)) {
            found.insert(*new);
        }
        found
    }

    fn subjects(&self, user: usize) -> BTreeSet<usize> {
        if self.blocked[user] || self.above(self.home[user]).iter().any(|at| self.disabled[*at]) {
            return BTreeSet::new();
        }
        let mut found = BTreeSet::from([user]);
        let outer = |found: &BTreeSet<usize>| {
            let mut edges = self.members.iter();
            edges
                .find(|(member, group)| found.contains(member) && !found.contains(&(USERS + group)))
                .map(|(_, g)| USERS + g)
        };
        while let Some(new) = outer(&found) {
            found.insert(new);
        }
        found
    }

    /// Held, and inside every bound.
    fn may(&self, user: usize, bounds: &Bounds, function: usize, customer: usize) -> bool {
        let inside = |(functions, customers): &(Option<BTreeSet<usize>>, Option<BTreeSet<usize>>)| {
            functions.as_ref().is_none_or(|of| of.iter().any(|top| self.within(*top).contains(&function)))
                && customers.as_ref().is_none_or(|of| of.iter().any(|top| self.above(customer).contains(top)))
        };
        bounds.iter().all(inside) && self.held(user, function, customer)
    }

    /// Whether somebody may hand out everything that a subject was granted, by itself and through groups around groups.
    fn covers(&self, user: usize, bounds: &Bounds, subject: usize) -> bool {
        let mut around = BTreeSet::from([subject]);
        while let Some((_, group)) =
            self.members.iter().find(|(member, g)| around.contains(member) && !around.contains(&(USERS + g)))
        {
            around.insert(USERS + group);
        }
        self.granted.iter().filter(|(who, ..)| around.contains(who)).all(|(_, function, customer)| {
            self.above(*customer).iter().any(|at| self.may(user, bounds, *function, *at))
        })
    }

    fn held(&self, user: usize, function: usize, customer: usize) -> bool {
        if self.above(customer).iter().any(|at| self.disabled[*at]) {
            return false;
        }
        let subjects = self.subjects(user);
        self.granted.iter().any(|(who, granted, place)| {
            subjects.contains(who) && self.within(*granted).contains(&function) && self.above(customer).contains(place)
        })
    }
}

/// A list of bounds, as a session that was narrowed, an API key, or a client's scope brings it: sets of functions and customers.
type Bounds = Vec<(Option<BTreeSet<usize>>, Option<BTreeSet<usize>>)>;

/// None, the ones of a client with and without a customer, and random ones.
fn narrowings(seed: u64) -> Vec<Bounds> {
    let dice = Dice(SeededEntropy::new(seed));
    let some = |of: usize| (!dice.one_in(3)).then(|| (0..=dice.below(3)).map(|_| dice.below(of)).collect());
    let random = (0..6).map(|_| (0..=dice.below(3)).map(|_| (some(FUNCTIONS), some(CUSTOMERS))).collect());
    let set = |at| Some(BTreeSet::from([at]));
    [vec![], vec![(set(0), None)], vec![(set(3), set(4))], vec![(None, set(1))]].into_iter().chain(random).collect()
}

fn rights(user: usize, bounds: &Bounds) -> Rights {
    let functions = |set: &BTreeSet<usize>| set.iter().map(|at| FunctionId::new(id(3, *at))).collect();
    let customers = |set: &BTreeSet<usize>| set.iter().map(|at| CustomerId::new(id(2, *at))).collect();
    let bound = |(f, c): &(Option<BTreeSet<usize>>, Option<BTreeSet<usize>>)| Constraints {
        functions: f.as_ref().map(functions),
        customers: c.as_ref().map(customers),
        read_only: false,
    };
    Rights { user: UserId::new(id(5, user)), bounds: bounds.iter().map(bound).collect() }
}

async fn compare(world: &World, c: &mut PgConnection, user: usize) {
    let mut expected = BTreeSet::new();
    for function in 0..FUNCTIONS {
        for customer in 0..CUSTOMERS {
            if world.held(user, function, customer) {
                expected.insert((id(3, function), id(2, customer)));
            }
            let row: Option<(Uuid, Uuid, Uuid)> = sqlx::query_as("SELECT * FROM held($1, $2, $3, $4)")
                .bind(id(5, user))
                .bind(id(3, function))
                .bind(id(2, customer))
                .bind(id(1, domain(customer)))
                .fetch_optional(&mut *c)
                .await
                .unwrap();
            assert_eq!(row.is_some(), world.held(user, function, customer));
            if let Some((who, by, place)) = row {
                let named =
                    |(s, f, p): &(usize, usize, usize)| subject(*s) == who && id(3, *f) == by && id(2, *p) == place;
                assert!(world.granted.iter().any(named), "it names a permission that was granted");
            }
        }
    }
    let all: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT * FROM rights_of($1)").bind(id(5, user)).fetch_all(c).await.unwrap();
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), expected);
}

async fn compare_narrowed(world: &World, c: &mut PgConnection, (user, seed): (usize, u64)) {
    for bounds in narrowings(seed) {
        let rights = rights(user, &bounds);
        for function in [1, 5, 7] {
            let name = format!("F{function}");
            let may = |customer: usize| world.may(user, &bounds, function, customer);
            let expected: Vec<CustomerId> =
                (0..CUSTOMERS).filter(|at| may(*at)).map(|at| CustomerId::new(id(2, at))).collect();
            assert_eq!(rights::customers_where(c, &rights, &name).await.unwrap(), expected);
            for space in 0..2 {
                let domain_id = DomainId::new(id(1, space));
                let here = (0..CUSTOMERS).filter(|at| domain(*at) == space);
                let open = |at: &usize| !world.above(*at).iter().any(|at| world.disabled[*at]);
                assert_eq!(rights::holds(c, &rights, &name, None, domain_id).await.unwrap(), here.clone().any(may));
                let everywhere = here.filter(open).all(may);
                assert_eq!(rights::holds_everywhere(c, &rights, &name, domain_id).await.unwrap(), everywhere);
                let scope_id = FunctionId::new(id(3, function));
                assert_eq!(rights::covers(c, &rights, scope_id, None, domain_id).await.unwrap(), everywhere);
                for customer in [2, 5] {
                    let expected = may(customer) && domain(customer) == space;
                    let customer = Some(CustomerId::new(id(2, customer)));
                    assert_eq!(rights::holds(c, &rights, &name, customer, domain_id).await.unwrap(), expected);
                    assert_eq!(rights::covers(c, &rights, scope_id, customer, domain_id).await.unwrap(), expected);
                }
            }
        }
    }
}

#[tokio::test]
async fn rights_in_random_directories_are_what_trying_everything_finds() {
    let house = House::new().await;
    let mut owner = house.test.owner().await;
    let mut c = house.database.connections().lease().await.unwrap();
    for seed in 0..12 {
        let world = World::random(seed);
        world.store(&mut owner).await;
        for user in 0..USERS {
            compare(&world, &mut c, user).await;
            compare_narrowed(&world, &mut c, (user, seed)).await;
        }
    }
}

#[tokio::test]
async fn nobody_covers_a_subject_that_was_granted_more() {
    let house = House::new().await;
    let mut owner = house.test.owner().await;
    let mut c = house.database.connections().lease().await.unwrap();
    let mut answers = BTreeSet::new();
    for seed in 20..28 {
        let world = World::random(seed);
        world.store(&mut owner).await;
        for (user, bounds) in (0..USERS).flat_map(|user| narrowings(seed).into_iter().map(move |b| (user, b))) {
            for at in 0..USERS + GROUPS {
                let expected = world.covers(user, &bounds, at);
                let covered = rights::covers_subject(&mut c, &rights(user, &bounds), SubjectId::new(subject(at))).await;
                assert_eq!(covered.unwrap(), expected, "seed {seed}: {user} with {bounds:?} over {at}");
                answers.insert(expected);
            }
        }
    }
    assert_eq!(answers.len(), 2, "both answers were seen");
}

#[tokio::test]
async fn rights_can_be_asked_inside_a_larger_statement() {
    let house = House::new().await;
    let mut owner = house.test.owner().await;
    World::random(1).store(&mut owner).await;
    let mut c = house.database.connections().lease().await.unwrap();
    let sql = "SELECT count(*) FROM users u CROSS JOIN functions f CROSS JOIN customers c
               CROSS JOIN LATERAL held(u.id, f.id, c.id, c.domain_id) h";
    let held: i64 = sqlx::query_scalar(sql).fetch_one(&mut *c).await.unwrap();
    let all: i64 = sqlx::query_scalar("SELECT count(*) FROM users u CROSS JOIN LATERAL rights_of(u.id) r")
        .fetch_one(&mut *c)
        .await
        .unwrap();
    assert_eq!(held, all);
}
