//! The machine that the figures come from.

use sqlx::PgConnection;
use std::{fs, thread};

/// Processor, cores, memory, kernel, Postgres: in one line.
pub(crate) async fn describe(owner: &mut PgConnection) -> String {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let kilobytes = field("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<f64>().unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let postgres: String = sqlx::query_scalar("SHOW server_version").fetch_one(owner).await.unwrap();
    format!(
        "{}, {} cores, {:.0} GB of memory, Linux {}, Postgres {postgres}",
        field("/proc/cpuinfo", "model name"),
        thread::available_parallelism().map_or(0, usize::from),
        kilobytes / 1024.0 / 1024.0,
        kernel.trim(),
    )
}
