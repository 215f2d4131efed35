//! Rust files as the rules see them: comments, string literals and test modules blanked out, line numbers kept.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One file.
pub(crate) struct Source {
    /// From the root of the workspace, with `/`.
    pub(crate) path: String,
    /// As it is.
    pub(crate) text: String,
    /// Without comments, literals and `#[cfg(test)]` modules.
    pub(crate) code: String,
    /// Is all of it test code?
    pub(crate) is_test: bool,
}

impl Source {
    /// `path:line`, for the byte at `offset`; editors make it a link.
    pub(crate) fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.path, self.text[..offset].matches('\n').count() + 1)
    }

    /// Is it below one of these files or folders?
    pub(crate) fn within(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || self.path.starts_with(&format!("{place}/")))
    }

    /// Where `word` occurs in code as a whole path segment or method name, not as a part of a longer one.
    pub(crate) fn uses_of(&self, word: &str) -> Vec<usize> {
        self.code
            .match_indices(word)
            .map(|(offset, _)| offset)
            .filter(|offset| !is_name(self.code[..*offset].chars().next_back()) || !is_name(word.chars().next()))
            .filter(|offset| {
                !is_name(self.code[offset + word.len()..].chars().next()) || !is_name(word.chars().next_back())
            })
            .collect()
    }
}

fn is_name(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Every Rust file of the workspace.
pub(crate) fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["aggregates/src", "projections/src", "src", "tests", "benches", "examples"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let mut sources: Vec<_> = files.iter().map(|file| read(root, file)).collect();
    let test_only: HashSet<_> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let own = source.path.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        source.is_test |= test_only.iter().any(|module| own == module || own.starts_with(&format!("{module}/")));
    }
    sources
}

/// Every Rust file outside tests.
pub(crate) fn product() -> Vec<Source> {
    all().into_iter().filter(|source| !source.is_test).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("node_modules") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(root: &Path, file: &Path) -> Source {
    let path = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let text = fs::read_to_string(file).unwrap();
    let code = without_test_modules(&blank_comments_and_literals(&text));
    let is_test = path.starts_with("tests/") || path.starts_with("benches/") || path.ends_with("/tests.rs");
    Source { path, text, code, is_test }
}

/// The modules that a file declares as `#[cfg(test)] mod name;`, as paths without extension.
fn test_modules(source: &Source) -> Vec<String> {
    let folder = match source.path.rsplit_once('/') {
        Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder.to_owned(),
        _ => source.path.trim_end_matches(".rs").to_owned(),
    };
    source
        .code
        .split("#[cfg(test)]")
        .skip(1)
        .filter_map(|after| after.split_once(';')?.0.rsplit_once("mod ").filter(|(before, _)| before.len() < 20))
        .map(|(_, name)| format!("{folder}/{}", name.trim()))
        .collect()
}

/// Blanks `#[cfg(test)] mod name { … }`.
fn without_test_modules(code: &str) -> String {
    let mut kept = code.to_owned();
    for (start, attribute) in code.match_indices("#[cfg(test)]") {
        let after = &code[start + attribute.len()..];
        let (Some(brace), semicolon) = (after.find('{'), after.find(';').unwrap_or(usize::MAX)) else { continue };
        if brace < semicolon {
            let end = start + attribute.len() + brace + closing(&after[brace..]);
            kept.replace_range(start..end, &blank(&code[start..end]));
        }
    }
    kept
}

/// The length of the block that `code` opens with, braces included.
pub(crate) fn closing(code: &str) -> usize {
    let mut depth = 0_usize;
    for (offset, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return offset + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// As many bytes, and the same line breaks.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

fn blank_comments_and_literals(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let previous = code.chars().next_back();
        let length = comment_or_literal(rest, is_name(previous));
        if length == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            code.push_str(&blank(&rest[..length]));
            rest = &rest[length..];
        }
    }
    code
}

/// The length of the comment or literal that `rest` opens with, or 0. A character outside of both is ASCII in practice,
/// and blanks keep the number of bytes, so offsets into code are offsets into the text.
fn comment_or_literal(rest: &str, inside_name: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |end| end + 2);
    }
    if rest.starts_with('"') {
        return string(rest);
    }
    if rest.starts_with('\'') {
        return character(rest);
    }
    if !inside_name && let Some(raw) = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r')) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let prefix = rest.len() - raw.len() + hashes + 1;
            return rest[prefix..].find(&end).map_or(rest.len(), |found| prefix + found + end.len());
        }
    }
    0
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (offset, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return offset + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// A character literal; a lifetime is none.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[3..].find('\'').map_or(0, |end| end + 4),
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(offset, _)| offset + 1),
        None => 0,
    }
}
