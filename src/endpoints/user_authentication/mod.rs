//! `/authentication/v1/user/{user}…`: how a user signs in, for administrators of the user's customer.

pub mod api_key;
pub mod block;
pub mod methods;
pub mod status;
