//! What must hold whatever happens: on the wire, in races, on several instances, through kills and lost connections, and after
//! every read model was made anew.

mod node;
mod party;
mod redemptions;
mod refreshes;
mod round_trips;
