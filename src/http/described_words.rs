//! Lists of words as the description of the API shows them, made from the very tables that read them.

use super::search_fields::Words;
use utoipa::openapi::{Array, Object, Type};

/// The most words of one list.
pub(super) const MOST: usize = 20;

/// A list of these words.
#[must_use]
pub fn described<K>(words: &Words<K>) -> Array {
    list(words.iter().map(|(word, _)| (*word).to_owned()))
}

/// A list of these words and `all`.
#[must_use]
pub fn described_or_all<K>(words: &Words<K>) -> Array {
    list(words.iter().map(|(word, _)| *word).chain(["all"]).map(str::to_owned))
}

/// A list of these words, each also with a leading `-`.
#[must_use]
pub fn described_orders<K>(words: &Words<K>) -> Array {
    list(words.iter().flat_map(|(word, _)| [(*word).to_owned(), format!("-{word}")]))
}

fn list(words: impl Iterator<Item = String>) -> Array {
    let word = Object::builder().schema_type(Type::String).enum_values(Some(words));
    let mut list = Array::new(word.build());
    list.max_items = Some(MOST);
    list
}
