//! What a module names: every `crate::…`, `self::…` and `super::…` path in its code, groups taken apart.

use crate::source::Source;

/// A path that a file names.
pub(crate) struct Import {
    /// Where, in bytes.
    pub(crate) offset: usize,
    /// From the root of the crate, without `crate`.
    pub(crate) path: Vec<String>,
}

/// The module that a file of `src/` is, from the root of the crate.
pub(crate) fn module_of(source: &Source) -> Vec<String> {
    let path = source.path.trim_start_matches("src/").trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').filter(|part| !["lib", "main"].contains(part)).map(str::to_owned).collect()
}

/// Every path into the own crate.
pub(crate) fn imports(source: &Source) -> Vec<Import> {
    let module = module_of(source);
    let mut found = Vec::new();
    for root in ["crate::", "self::", "super::"] {
        for offset in source.uses_of(root) {
            let (before, tree) = (&source.code[..offset], &source.code[offset..]);
            if before.ends_with("super::") || before.ends_with("self::") {
                continue;
            }
            let (base, rest) = base(&module, tree);
            expand(&base, rest, &mut |path| found.push(Import { offset, path }));
        }
    }
    found
}

/// Where a path starts, and what follows `crate::` or any number of `super::`.
fn base<'a>(module: &[String], tree: &'a str) -> (Vec<String>, &'a str) {
    if let Some(rest) = tree.strip_prefix("crate::") {
        return (Vec::new(), rest);
    }
    let mut base = module.to_vec();
    let mut rest = tree.strip_prefix("self::").unwrap_or(tree);
    while let Some(up) = rest.strip_prefix("super::") {
        base.pop();
        rest = up;
    }
    (base, rest)
}

/// Walks a use tree, `a::{b, c::d}`, and reports each leaf.
fn expand(base: &[String], tree: &str, report: &mut impl FnMut(Vec<String>)) {
    let mut path = base.to_vec();
    let mut rest = tree.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            let inside = &group[..crate::source::closing(rest).saturating_sub(2)];
            split(inside).into_iter().for_each(|item| expand(&path, item, report));
            return;
        }
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if length == 0 {
            return report(path);
        }
        path.push(rest[..length].to_owned());
        match rest[length..].strip_prefix("::") {
            Some(next) => rest = next,
            None => return report(path),
        }
    }
}

/// Splits at the commas that are in no inner group.
fn split(inside: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (offset, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&inside[start..offset]);
                start = offset + 1;
            }
            _ => {}
        }
    }
    items.push(&inside[start..]);
    items.into_iter().filter(|item| !item.trim().is_empty()).collect()
}
