//! `argus user list` and `argus user show`.

use crate::{
    cli::{
        Session,
        administration::{Place, Reason},
        output::Output,
    },
    directory::{desk::looked_up, references},
};
use projections::users::UserRow;
use serde_json::{Value, json};

pub(super) async fn list(session: &Session, place: &Place, output: Output) -> anyhow::Result<()> {
    let mut desk = Reason::none().desk(session).await?;
    let domain = place.find(&mut desk, session).await?.id;
    let rows = looked_up(projections::users::list(desk.lane().connection(), domain).await)?;
    let rows: Vec<_> = rows.iter().map(line).collect();
    output.print(&["number", "user_name", "name", "email", "status", "id"], &rows)
}

fn line(row: &UserRow) -> Vec<Value> {
    vec![json!(row.number), json!(row.user_name), json!(row.name), json!(row.email), json!(row.status), json!(row.id)]
}

pub(super) async fn one(session: &Session, place: &Place, user: &str, output: Output) -> anyhow::Result<()> {
    let mut desk = Reason::none().desk(session).await?;
    let domain = place.find(&mut desk, session).await?;
    let row = references::user(&mut desk, domain.id, user).await?;
    let customer = references::customer(&mut desk, domain.id, &row.customer.to_string()).await?;
    let groups = looked_up(projections::groups::list_by_member(desk.lane().connection(), row.id.into()).await)?;
    let groups: Vec<_> = groups.into_iter().map(|group| group.short_name).collect();
    let mut shown = line(&row);
    shown.extend([
        json!(row.email_verified),
        json!(row.phone),
        json!(domain.short_name),
        json!(customer.short_name),
        json!(groups),
        json!(row.password_hash.is_some()),
        json!(row.must_change_password),
    ]);
    let columns = ["number", "user_name", "name", "email", "status", "id"];
    let more = ["email_verified", "phone", "domain", "customer", "groups", "has_password", "must_change_password"];
    output.print(&[columns.as_slice(), &more].concat(), &[shown])
}
