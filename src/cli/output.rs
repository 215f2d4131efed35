//! How lists are printed: columns for people, JSON for programs.

use aggregates::values::Timestamp;
use chrono::DateTime;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

/// How to print.
#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// How to print it.
    #[arg(long = "output", short = 'o', value_enum, default_value_t)]
    form: Form,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Form {
    /// Columns, for people.
    #[default]
    Table,
    /// A JSON array of objects, for programs.
    Json,
}

impl Output {
    /// Prints rows, each with a value per column. Numbers and booleans stay such in JSON; null is an empty cell.
    pub(super) fn print(self, columns: &[&str], rows: &[Vec<Value>]) -> anyhow::Result<()> {
        match self.form {
            Form::Json => println!("{}", json(columns, rows)?),
            Form::Table => table(columns, rows).iter().for_each(|line| println!("{line}")),
        }
        Ok(())
    }
}

/// A time, to the second.
pub(super) fn second(at: Timestamp) -> Value {
    let at = DateTime::from_timestamp_millis(at.millis()).unwrap_or_default();
    Value::String(at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn json(columns: &[&str], rows: &[Vec<Value>]) -> serde_json::Result<String> {
    let object = |row: &Vec<Value>| -> Map<String, Value> {
        columns.iter().map(|column| (*column).to_owned()).zip(row.iter().cloned()).collect()
    };
    serde_json::to_string_pretty(&rows.iter().map(object).collect::<Vec<_>>())
}

fn table(columns: &[&str], rows: &[Vec<Value>]) -> Vec<String> {
    let heads = columns.iter().map(|column| column.to_uppercase()).collect::<Vec<_>>();
    let lines: Vec<Vec<String>> =
        std::iter::once(heads).chain(rows.iter().map(|row| row.iter().map(cell).collect())).collect();
    let width = |at: usize| {
        lines.iter().filter_map(|line| line.get(at)).map(|text| text.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let padded = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).map(|(text, width)| format!("{text:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(padded).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec![json!(1), json!("alice"), Value::Null], vec![json!(20), json!("bob"), json!(["a", "b"])]];
        assert_eq!(table(&["id", "name", "groups"], &rows), ["ID  NAME   GROUPS", "1   alice", "20  bob    a b"]);
    }
}
