//! The functions that the API asks for, and the roles made of them. Further ones are up to each installation.

/// What one function is: short name, name, and whether it is a role.
pub(super) type BuiltIn = (&'static str, &'static str, bool);

/// In the order in which they are made.
pub(super) const FUNCTIONS: &[BuiltIn] = &[
    ("viewOAuthClients", "View OAuth clients", false),
    ("viewOAuthClientsDetails", "View details of OAuth clients", false),
    ("createOAuthClients", "Create OAuth clients", false),
    ("updateOAuthClients", "Update OAuth clients", false),
    ("deleteOAuthClients", "Delete OAuth clients", false),
    ("viewAuditTrail", "View the audit trail", false),
    ("viewUsers", "View users", false),
    ("manageUsers", "Manage users", false),
    ("viewGroups", "View groups", false),
    ("manageGroups", "Manage groups", false),
    ("viewCustomers", "View customers", false),
    ("manageCustomers", "Manage customers", false),
    ("viewFunctions", "View functions", false),
    ("manageFunctions", "Manage functions", false),
    ("viewPermissions", "View permissions", false),
    ("managePermissions", "Manage permissions", false),
    ("manageSessions", "Manage sessions", false),
    ("customerUser", "Customer user", true),
    ("analyst", "Analyst", true),
    ("auditor", "Auditor", true),
    (ADMINISTRATOR, "Administrator", true),
];

/// The role that implies every other built-in function.
pub(super) const ADMINISTRATOR: &str = "administrator";

/// Whether the server asks for a function by this name, or makes it at the first start.
pub(super) fn is_built_in(short_name: &str) -> bool {
    FUNCTIONS.iter().any(|(name, ..)| name.eq_ignore_ascii_case(short_name))
}

/// Whether a role implies a function directly.
pub(super) fn implies(role: &str, function: &str) -> bool {
    match role {
        ADMINISTRATOR => function != ADMINISTRATOR,
        "auditor" => function == "viewAuditTrail",
        "analyst" => function == "customerUser",
        _ => false,
    }
}
