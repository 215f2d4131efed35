//! The `argus` binary.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    argus::cli::Cli::parse().main()
}
