//! Functions, permissions and customers over HTTP: who may do what first.

mod customers;
mod functions;
mod permissions;
mod searches;
