//! Old events become new ones while they are read; what is stored never changes. Every read path goes through [`upcast`].

use cqrs_es::persist::{EventUpcaster, SerializedEvent};

/// One upcaster per superseded event version, in the order in which they apply: `1` → `2` stands before `2` → `3`.
/// Empty as long as every event is still in its first version.
pub(super) static UPCASTERS: &[&dyn EventUpcaster] = &[];

/// The event in its newest version.
pub(super) fn upcast(event: SerializedEvent, upcasters: &[&dyn EventUpcaster]) -> SerializedEvent {
    upcasters.iter().fold(event, |event, upcaster| {
        if upcaster.can_upcast(&event.event_type, &event.event_version) { upcaster.upcast(event) } else { event }
    })
}
