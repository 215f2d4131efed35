//! What must hold whatever happens: on the wire, in races, on several instances, through kills and lost connections, and after
//! every read model was made anew.

mod edits;
mod family;
mod faults;
mod feeds;
mod instances;
mod node;
mod party;
mod process;
mod redemptions;
mod refreshes;
mod replayed;
mod retained;
mod revocations;
mod round_trips;
mod short_names;
mod tables;
mod traffic;
mod trail;
mod workload;
