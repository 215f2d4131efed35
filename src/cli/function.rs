//! `argus function create|list|rename|delete|add-child|remove-child`.

use super::{
    Session,
    administration::{Reason, make},
    output::Output,
};
use crate::{
    directory::{
        desk::field,
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
    /// Gives a function another short name.
    Rename {
        /// The function: short name, number or id.
        function: String,
        /// The new short name.
        short_name: String,
        /// Why.
        #[command(flatten)]
        reason: Reason,
    },
    /// Deletes a function that no permission and no client refers to.
    Delete {
        /// The function: short name, number or id.
        function: String,
        /// Why.
        #[command(flatten)]
        reason: Reason,
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
                let (id, command) = (desk.new_id(), functions::create(&mut desk, &function).await?);
                make::<Function>(desk, id, command).await
            }
            Self::Rename { function, short_name, reason } => {
                let mut desk = reason.desk(session).await?;
                let row = references::function(&mut desk, &function).await?;
                let command = functions::rename(&mut desk, &row, field("short_name", &short_name)?).await?;
                desk.execute::<Function>(row.id.uuid(), command).await?;
                Ok(desk.commit().await?)
            }
            Self::Delete { function, reason } => {
                let mut desk = reason.desk(session).await?;
                let row = references::function(&mut desk, &function).await?;
                functions::delete(&mut desk, &row).await?;
                Ok(desk.commit().await?)
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
