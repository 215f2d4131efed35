//! Entries as rows of a table: RFC 4180, with a header. Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a
//! formula, some of them also in full width or behind white space, so an apostrophe is put before it.

use chrono::{DateTime, SecondsFormat};
use projections::audit::AuditRow;
use serde_json::Value;

/// The columns: the fields of an entry.
const COLUMNS: [&str; 33] = [
    "position",
    "at",
    "action",
    "outcome",
    "reason",
    "missing",
    "actor",
    "userId",
    "userName",
    "sessionId",
    "apiKey",
    "grantId",
    "clientId",
    "clientShortName",
    "clientVersion",
    "customerId",
    "domainId",
    "objectType",
    "objectId",
    "step",
    "scopesAsked",
    "scopes",
    "functions",
    "ip",
    "ipRange",
    "requiredFunction",
    "requiredFor",
    "heldBy",
    "method",
    "authenticatedAt",
    "count",
    "requestId",
    "note",
];
/// Those of them that are times; a table shows them as people read them.
const TIMES: [&str; 2] = ["at", "authenticatedAt"];

/// The first row.
pub(super) fn header() -> String {
    line(COLUMNS.into_iter().map(str::to_owned))
}

/// The row of an entry.
pub(super) fn row(row: &AuditRow) -> serde_json::Result<String> {
    let fields = serde_json::to_value(row)?;
    Ok(line(COLUMNS.into_iter().map(|column| text(column, fields.get(column).unwrap_or(&Value::Null)))))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|text| quoted(defused(text))).collect();
    cells.join(",") + "\r\n"
}

fn text(column: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|value| text("", value)).collect::<Vec<_>>().join(" "),
        Value::Number(number) if TIMES.contains(&column) => {
            let at = number.as_i64().and_then(DateTime::from_timestamp_millis).unwrap_or_default();
            at.to_rfc3339_opts(SecondsFormat::Millis, true)
        }
        other => other.to_string(),
    }
}

fn defused(text: String) -> String {
    let shown = text.trim_start();
    let computed = shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if computed || text.starts_with(['\t', '\r', '\n']) { format!("'{text}") } else { text }
}

fn quoted(text: String) -> String {
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(more: &Value) -> AuditRow {
        let mut fields = json!({ "position": 7, "at": 1_795_723_200_000_i64, "action": "user.blocked", "outcome": "done",
            "actor": "system:cli", "count": 1 });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(fields).unwrap()
    }

    #[test]
    fn every_field_of_an_entry_has_its_column() {
        let fields = serde_json::to_value(entry(&json!({}))).unwrap();
        let mut columns = COLUMNS.to_vec();
        columns.sort_unstable();
        let mut names: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(columns, names);
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠1"] {
            let row = row(&entry(&json!({ "note": formula }))).unwrap();
            assert!(row.contains(&format!("'{formula}")), "{row}");
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let told = entry(&json!({ "note": "a \"b\", c\nd", "scopes": ["openid", "profile"] }));
        assert_eq!(
            row(&told).unwrap(),
            "7,2026-11-26T20:00:00.000Z,user.blocked,done,,,system:cli,,,,,,,,,,,,,,,openid profile,,,,,,,,,1,,\"a \"\"b\"\", c\nd\"\r\n"
        );
        assert!(header().starts_with("position,at,action,") && header().ends_with(",note\r\n"));
    }
}
