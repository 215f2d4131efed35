//! `argus function create|list|add-child|remove-child`.

use super::{Session, administration::Reason, output::Output};
use crate::{
    directory::{
        functions::{self, NewFunction},
        references,
    },
    read,
};
use aggregates::function::{Function, FunctionCommand as Command};
use clap::{Args, Subcommand};
use serde_json::json;

/// Functions and roles.
#[derive(Debug, Subcommand)]
pub enum FunctionCommand {
    /// Makes a function or, with --role, a role.
    Create {
        /// The function.
        #[command(flatten)]
        function: NewFunction,
        /// Why.
        #[command(flatten)]
        reason: Reason,
    },
    /// Lists every function with what it implies directly.
    List {
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Makes a function imply another.
    AddChild(Edge),
    /// Undoes it.
    RemoveChild(Edge),
}

/// Two functions.
#[derive(Debug, Args)]
pub struct Edge {
    /// The function that implies the other: short name, number or id.
    function: String,
    /// The other.
    child: String,
    #[command(flatten)]
    reason: Reason,
}

impl FunctionCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Create { function, reason } => {
                let mut desk = reason.desk(session).await?;
                let id = desk.new_id();
                let command = functions::create(&mut desk, &function).await?;
                desk.execute::<Function>(id, command).await?;
                desk.commit().await?;
                println!("{id}");
                Ok(())
            }
            Self::List { output } => list(session, output).await,
            Self::AddChild(edge) => edge.change(session, true).await,
            Self::RemoveChild(edge) => edge.change(session, false).await,
        }
    }
}

impl Edge {
    async fn change(self, session: &Session, add: bool) -> anyhow::Result<()> {
        let mut desk = self.reason.desk(session).await?;
        let parent = references::function(&mut desk, &self.function).await?.id;
        let child = references::function(&mut desk, &self.child).await?.id;
        let command = match add {
            true => functions::add_child(&mut desk, parent, child).await?,
            false => Command::RemoveChild { child },
        };
        desk.execute::<Function>(parent.uuid(), command).await?;
        Ok(desk.commit().await?)
    }
}

async fn list(session: &Session, output: Output) -> anyhow::Result<()> {
    let all = read!(session.database.connections(), |c| projections::functions::list(c))?;
    let mut rows = Vec::new();
    for row in &all {
        let children = read!(session.database.connections(), |c| projections::functions::list_children(c, row.id))?;
        let children: Vec<_> = children.into_iter().map(|child| child.short_name).collect();
        rows.push(vec![
            json!(row.number),
            json!(row.short_name),
            json!(row.name),
            json!(row.role),
            json!(children),
            json!(row.id),
        ]);
    }
    output.print(&["number", "short_name", "name", "role", "children", "id"], &rows)
}
