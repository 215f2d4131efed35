//! README's examples, run as they are printed there, so that they stay true.

use super::{file, run};
use crate::browser::demo::Demo;
use std::process::Command;

/// The chapter whose `sh` blocks are run, in order, in one shell.
const CHAPTER: &str = "## A tour with curl";

#[test]
fn the_tour_in_the_readme_works() {
    let readme = std::fs::read_to_string(file("README.md")).unwrap();
    let blocks = shell_blocks(&readme);
    assert!(blocks.len() >= 6, "README has lost its tour: {} blocks below {CHAPTER:?}", blocks.len());
    let script = format!("set -euo pipefail\ncd \"$(mktemp -d)\"\n{}", blocks.join("\n"));
    run(Command::new("bash").args(["-c", &script]), &Demo::start());
}

/// The fenced `sh` blocks of the chapter. Those that the reader does by hand are fenced otherwise.
fn shell_blocks(readme: &str) -> Vec<&str> {
    let chapter = readme.split_once(CHAPTER).map_or("", |(_, after)| after);
    let chapter = chapter.split("\n## ").next().unwrap_or_default();
    chapter.split("```sh\n").skip(1).filter_map(|block| Some(block.split_once("```")?.0)).collect()
}
