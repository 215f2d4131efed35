//! What the programs are told of the demo: where it is, and who may do what.

use crate::browser::demo::Demo;

/// May do everything.
const ADMINISTRATOR: &str = "admin";
/// May sign in to the applications, and administers nothing.
const PERSON: &str = "alice";

/// The environment of a program that talks to the demo.
pub(super) fn environment(demo: &Demo) -> [(&'static str, String); 6] {
    [
        ("ARGUS", demo.after("Argus:")),
        ("API_KEY", demo.after("API key:")),
        ("ADMINISTRATOR", ADMINISTRATOR.to_owned()),
        ("ADMINISTRATOR_PASSWORD", demo.password(ADMINISTRATOR)),
        ("PERSON", PERSON.to_owned()),
        ("PERSON_PASSWORD", demo.password(PERSON)),
    ]
}
