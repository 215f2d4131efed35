//! `sqlx::migrate!` builds the migrations in; a new file must make the crate build again.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
