//! The constraints of a session or an API key as a body names them: `function`, `functionID`, `customer`, `customerID`, `readOnly`.

use super::Fields;
use projections::lookup::NamedConstraints;

/// Takes them out. What `…ID` lists and what its sibling lists are one list.
pub fn read_constraints(fields: &mut Fields) -> NamedConstraints {
    let mut either = |by_name: &str, by_number: &str| {
        let lists = [fields.references(by_name), fields.references(by_number)];
        lists.into_iter().flatten().reduce(|mut all, more| {
            all.extend(more);
            all
        })
    };
    let functions = either("function", "functionID");
    let customers = either("customer", "customerID");
    NamedConstraints { functions, customers, read_only: fields.flag("readOnly").unwrap_or_default() }
}
