//! `argus client create|update|disable|enable|delete|restore`: one transaction, as the operator.

use super::{Which, fields::FieldArgs, history};
use crate::{
    cli::{Session, administration::Reason, output::Output},
    directory::{
        clients::{By, Operator, Outcome, Preview, expect_version, preview, restoring},
        passwords::Passwords,
    },
    entropy::new_id,
    event_store::{Context, DefinitionLane, Moment},
    http::Fields,
};
use aggregates::{
    client::ClientCommand,
    ids::{ClientId, DomainId},
};
use clap::Args;
use projections::clients::{ClientRow, Holder};
use serde_json::{Value, json};

/// A client, and on which terms it is changed.
#[derive(Debug, Args)]
pub struct Changed {
    #[command(flatten)]
    which: Which,
    /// Refuse, with exit code 4, unless the client is at this version.
    #[arg(long, value_name = "VERSION")]
    expect_version: Option<i64>,
    #[command(flatten)]
    reason: Reason,
}

/// A new client.
#[derive(Debug, Args)]
pub struct Create {
    #[command(flatten)]
    fields: FieldArgs,
    #[command(flatten)]
    reason: Reason,
}

/// Change the given fields of a client.
#[derive(Debug, Args)]
pub struct Update {
    #[command(flatten)]
    changed: Changed,
    #[command(flatten)]
    fields: FieldArgs,
    /// Print what would change, and who would gain or lose access; change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: Output,
}

/// Make a client be what it was, as a new version.
///
/// Prints what would change, and who would gain or lose access; with --execute it is done. How the client authenticates, its secret
/// and whether it is disabled stay as they are.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    changed: Changed,
    /// Back to a version (7), a position of the log (@4711), a day (2026-01-31) or a time (2026-01-31T12:00:00Z).
    #[arg(long, value_name = "MOMENT")]
    to: Moment,
    /// Do it.
    #[arg(long)]
    execute: bool,
    #[command(flatten)]
    output: Output,
}

/// The open transaction.
pub(super) struct Work<'a> {
    session: &'a Session,
    passwords: Passwords,
    pub(super) lane: DefinitionLane,
    pub(super) context: Context,
}

impl<'a> Work<'a> {
    pub(super) async fn begin(session: &'a Session, reason: Reason) -> anyhow::Result<Self> {
        let context = reason.context(session);
        Ok(Self { session, passwords: Passwords::default(), lane: session.store.definitions().await?, context })
    }

    fn operator(&mut self) -> Operator<'_> {
        let entropy = self.session.entropy.as_ref();
        Operator { lane: &mut self.lane, passwords: &self.passwords, entropy, context: &self.context }
    }

    async fn domain(&mut self, named: Option<&str>) -> anyhow::Result<DomainId> {
        let default = self.session.config.domain();
        Ok(self.operator().domain(named.unwrap_or(default.as_str())).await?)
    }

    /// The live client.
    pub(super) async fn find(&mut self, which: &Which) -> anyhow::Result<ClientRow> {
        let domain = self.domain(which.domain.as_deref()).await?;
        self.operator().find(domain, &which.client).await.map_err(|error| which.explain(error))
    }

    /// Prints what the commands would do, which are not carried out.
    pub(super) async fn preview(
        self,
        id: ClientId,
        commands: Vec<ClientCommand>,
        output: Output,
    ) -> anyhow::Result<()> {
        let preview = preview(self.lane, (id, commands), &self.context, None).await?;
        print(&preview, output)
    }
}

impl Changed {
    async fn begin(self, session: &Session) -> anyhow::Result<(Work<'_>, ClientRow)> {
        let mut work = Work::begin(session, self.reason).await?;
        let present = work.find(&self.which).await?;
        expect_version(&present, self.expect_version)?;
        Ok((work, present))
    }

    /// Puts it out of use, or back.
    pub(super) async fn set_disabled(self, session: &Session, disabled: bool) -> anyhow::Result<()> {
        let (mut work, present) = self.begin(session).await?;
        let fields = Fields::new([("disabled".to_owned(), disabled.into())].into_iter().collect());
        let outcome = work.operator().change(&present, fields).await?;
        done(work, outcome).await
    }

    pub(super) async fn delete(self, session: &Session) -> anyhow::Result<()> {
        let (mut work, present) = self.begin(session).await?;
        work.operator().delete(&present).await?;
        work.lane.commit().await?;
        println!("{} deleted", present.id);
        Ok(())
    }
}

impl Create {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let fields = Fields::new(self.fields.object()?);
        let mut work = Work::begin(session, self.reason).await?;
        let domain = work.domain(None).await?;
        let id = ClientId::new(new_id(session.clock.as_ref(), session.entropy.as_ref()));
        let outcome = work.operator().define(id, domain, fields).await?;
        done(work, outcome).await
    }
}

impl Update {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let fields = Fields::new(self.fields.object()?);
        let (mut work, present) = self.changed.begin(session).await?;
        let command = work.operator().changing(&present, fields).await?;
        match self.dry_run {
            true => work.preview(present.id, vec![command], self.output).await,
            false => carry_out(work, present.id, command).await,
        }
    }
}

impl Restore {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let (mut work, present) = self.changed.begin(session).await?;
        let command = restoring(&mut work.lane, &present, self.to, By::Operator).await?;
        match self.execute {
            true => carry_out(work, present.id, command).await,
            false => work.preview(present.id, vec![command], self.output).await,
        }
    }
}

async fn carry_out(mut work: Work<'_>, id: ClientId, command: ClientCommand) -> anyhow::Result<()> {
    let outcome = work.operator().carry_out(id, command).await?;
    done(work, outcome).await
}

async fn done(work: Work<'_>, outcome: Outcome) -> anyhow::Result<()> {
    work.lane.commit().await?;
    match outcome {
        Outcome::Defined(id) => println!("{id} defined"),
        Outcome::Changed(id) => println!("{id} changed"),
        Outcome::Unchanged(id) => println!("{id} is so already"),
    }
    Ok(())
}

/// What would change, then who would gain and who would lose access.
fn print(preview: &Preview, output: Output) -> anyhow::Result<()> {
    let access = |sign: &'static str| {
        move |holder: &Holder| vec![json!("access"), json!(sign), json!(holder.user.short_name.clone())]
    };
    let mut rows: Vec<Vec<Value>> = preview.changes.iter().flat_map(history::lines).collect();
    rows.extend(preview.losing.iter().map(access("-")));
    rows.extend(preview.gaining.iter().map(access("+")));
    output.print(history::COLUMNS, &rows)
}
