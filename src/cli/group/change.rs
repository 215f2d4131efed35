//! `argus group rename|describe|move|delete|reenable`.

use crate::{
    cli::{Session, administration::Setting},
    directory::{Desk, DirectoryError, desk::field, groups, references},
};
use aggregates::{
    group::{Group, GroupCommand as Command},
    ids::GroupId,
};
use clap::Args;
use projections::groups::GroupRow;

/// One group.
#[derive(Debug, Args)]
pub struct One {
    /// Short name, number or id.
    group: String,
    #[command(flatten)]
    setting: Setting,
}

/// What is said about a group; what is not given stays.
#[derive(Debug, Args)]
pub struct Described {
    /// The name to show.
    #[arg(long, required_unless_present = "description")]
    name: Option<String>,
    /// What it is for, in words.
    #[arg(long)]
    description: Option<String>,
}

impl One {
    async fn find(self, session: &Session) -> Result<(Desk, GroupRow), DirectoryError> {
        let (mut desk, domain) = self.setting.open(session).await?;
        let group = references::group(&mut desk, domain, &self.group).await?;
        Ok((desk, group))
    }
}

pub(super) async fn rename(session: &Session, one: One, short_name: &str) -> anyhow::Result<()> {
    let (mut desk, group) = one.find(session).await?;
    let command = groups::rename(&mut desk, &group, field("short_name", short_name)?).await?;
    finish(desk, group.id, command).await
}

pub(super) async fn describe(session: &Session, one: One, described: Described) -> anyhow::Result<()> {
    let (desk, group) = one.find(session).await?;
    let name = field("name", &described.name.unwrap_or(group.name))?;
    let description = field("description", &described.description.unwrap_or(group.description))?;
    finish(desk, group.id, Command::Describe { name, description }).await
}

pub(super) async fn move_to(session: &Session, one: One, customer: &str) -> anyhow::Result<()> {
    let (mut desk, group) = one.find(session).await?;
    let customer = references::customer(&mut desk, group.domain, customer).await?.id;
    let command = groups::move_to(&mut desk, group.domain, customer).await?;
    finish(desk, group.id, command).await
}

pub(super) async fn delete(session: &Session, one: One) -> anyhow::Result<()> {
    let (desk, group) = one.find(session).await?;
    finish(desk, group.id, Command::Delete).await
}

pub(super) async fn reenable(session: &Session, one: One) -> anyhow::Result<()> {
    let (mut desk, domain) = one.setting.open(session).await?;
    let group = references::group_ever(&mut desk, domain, &one.group).await?;
    let command = groups::reenable(&mut desk, &group).await?;
    finish(desk, group.id, command).await
}

async fn finish(mut desk: Desk, group: GroupId, command: Command) -> anyhow::Result<()> {
    desk.execute::<Group>(group.uuid(), command).await?;
    Ok(desk.commit().await?)
}
