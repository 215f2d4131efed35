//! "Given these events": the aggregate that they make.

use cqrs_es::Aggregate;

/// Applies `events` in order to the aggregate that has none.
pub(crate) fn given<A: Aggregate>(events: impl IntoIterator<Item = A::Event>) -> A {
    let mut aggregate = A::default();
    for event in events {
        aggregate.apply(event);
    }
    aggregate
}
