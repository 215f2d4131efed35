//! The fields of a JSON object, taken out one by one. What is wrong is gathered, one error per bad field, until
//! [`Fields::finish`]; what was not taken out is unknown, hence wrong as well.

use super::{ArgusError, argus_error::FieldError};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::{fmt::Display, mem, ops::RangeInclusive, str::FromStr};

/// The longest text that is taken without a parser of its own, in bytes.
const LONGEST: usize = 4096;
/// The longest list.
const MOST: usize = 200;

/// The fields that were not taken yet, and what was wrong with those that were. `None` of any method means that the field is
/// absent or bad; a bad one is an error at the end. JSON `null` is bad: absent, null and empty are three things.
pub struct Fields {
    /// In front of each field's name: empty, or `openIDCustomClaims[0].`.
    path: String,
    left: Map<String, Value>,
    bad: Vec<FieldError>,
}

impl Fields {
    /// All of an object.
    #[must_use]
    pub const fn new(object: Map<String, Value>) -> Self {
        Self { path: String::new(), left: object, bad: Vec::new() }
    }

    /// Whether the field was sent and not taken yet.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.left.contains_key(name)
    }

    /// Says what is wrong with a field. Only the first complaint about each is told.
    pub fn refuse(&mut self, name: &str, problem: impl Display) {
        let field = format!("{}{name}", self.path);
        if !self.bad.iter().any(|bad| bad.field == field) {
            self.bad.push(FieldError { field, message: problem.to_string() });
        }
    }

    /// What has to be there: gives `value` back, and an error when it is absent.
    pub fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.refuse(name, "is required");
        }
        value
    }

    /// A text of at most 4096 bytes.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if text.len() <= LONGEST => Some(text),
            _ => self.bad(name, format_args!("must be a text of at most {LONGEST} characters")),
        }
    }

    /// A text that must be there and not be empty; empty when it is bad.
    pub fn required_text(&mut self, name: &str) -> String {
        let text = self.text(name).filter(|text| !text.is_empty());
        self.required(name, text).unwrap_or_default()
    }

    /// What names an object: a text, or an integer id.
    pub fn reference(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if text.len() <= LONGEST => Some(text),
            Value::Number(number) if number.is_i64() => Some(number.to_string()),
            _ => self.bad(name, "must be a text or an integer id"),
        }
    }

    /// A list of what names objects.
    pub fn references(&mut self, name: &str) -> Option<Vec<String>> {
        self.list(name, Self::reference)
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.list(name, |fields, element| fields.text(element))
    }

    /// A list of texts that must be there and not be empty; empty when it is bad.
    pub fn required_texts(&mut self, name: &str) -> Vec<String> {
        let texts = self.texts(name).filter(|texts| !texts.is_empty());
        self.required(name, texts).unwrap_or_default()
    }

    /// A text that its type can parse.
    pub fn parsed<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        let Value::String(text) = self.take(name)? else { return self.bad(name, "must be a text") };
        text.parse().map_err(|problem| self.refuse(name, problem)).ok()
    }

    /// A list of texts that their type can parse.
    pub fn parsed_list<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<Vec<T>> {
        self.list(name, Self::parsed)
    }

    /// One word of a closed list.
    pub fn word<T: DeserializeOwned>(&mut self, name: &str, words: &[&str]) -> Option<T> {
        let value = self.take(name)?;
        let known = value.as_str().is_some_and(|word| words.contains(&word));
        match serde_json::from_value(value) {
            Ok(word) if known => Some(word),
            _ => self.bad(name, format_args!("must be one of {}", words.join(", "))),
        }
    }

    /// A truth value.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(flag) => Some(flag),
            _ => self.bad(name, "must be true or false"),
        }
    }

    /// A truth value of a query string, in any case.
    pub fn switch(&mut self, name: &str) -> Option<bool> {
        let value = self.take(name)?;
        match value.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => self.bad(name, "must be true or false"),
        }
    }

    /// A whole number in a range.
    pub fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        match self.take(name)?.as_i64() {
            Some(number) if range.contains(&number) => Some(number),
            _ => self.bad(name, format_args!("must be a whole number from {} to {}", range.start(), range.end())),
        }
    }

    /// Any value.
    pub fn value(&mut self, name: &str) -> Option<Value> {
        self.take(name)
    }

    /// An object, read by `read`.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        match self.take(name)? {
            Value::Object(object) => {
                let path = format!("{}{name}.", self.path);
                let mut inner = Self { path, left: object, bad: mem::take(&mut self.bad) };
                let read = read(&mut inner);
                inner.refuse_what_is_left();
                self.bad = inner.bad;
                read
            }
            _ => self.bad(name, "must be an object"),
        }
    }

    /// A list of objects, each read by `read`.
    pub fn objects<T>(&mut self, name: &str, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.list(name, |fields, element| fields.object(element, &read))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 412 with every bad field, unknown ones included.
    pub fn finish(mut self) -> Result<(), ArgusError> {
        self.refuse_what_is_left();
        if self.bad.is_empty() { Ok(()) } else { Err(ArgusError::Invalid(self.bad)) }
    }

    fn list<T>(&mut self, name: &str, read: impl Fn(&mut Self, &str) -> Option<T>) -> Option<Vec<T>> {
        let elements = match self.take(name)? {
            Value::Array(elements) if elements.len() <= MOST => elements,
            _ => return self.bad(name, format_args!("must be a list of at most {MOST} elements")),
        };
        let mut all = Some(Vec::new());
        for (at, element) in elements.into_iter().enumerate() {
            let name = format!("{name}[{at}]");
            if self.left.contains_key(&name) {
                // A field of that very name was sent; `finish` refuses it.
                return None;
            }
            self.left.insert(name.clone(), element);
            let read = read(self, &name);
            all = all.zip(read).map(|(mut all, one)| {
                all.push(one);
                all
            });
        }
        all
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        match self.left.remove(name)? {
            Value::Null => self.bad(name, "must not be null"),
            value => Some(value),
        }
    }

    fn bad<T>(&mut self, name: &str, problem: impl Display) -> Option<T> {
        self.refuse(name, problem);
        None
    }

    fn refuse_what_is_left(&mut self) {
        for name in mem::take(&mut self.left).into_iter().map(|(name, _)| name).take(20) {
            self.refuse(&name.chars().take(100).collect::<String>(), "is not a field of this request");
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(object: &Value) -> Fields {
        Fields::new(object.as_object().unwrap().clone())
    }

    fn complaints(fields: Fields) -> Vec<String> {
        match fields.finish() {
            Err(ArgusError::Invalid(bad)) => bad.into_iter().map(|bad| bad.field).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn each_bad_field_is_told_once_and_unknown_ones_are_bad() {
        let mut fields = fields(&json!({
            "name": 1, "hidden": "true", "limit": -1, "list": ["a", 2, null], "level": "root", "deleted": true, "none": null,
        }));
        assert_eq!(fields.text("name"), None);
        assert_eq!(fields.flag("hidden"), None);
        assert_eq!(fields.integer("limit", 0..=10), None);
        assert_eq!(fields.texts("list"), None);
        assert_eq!(fields.word::<String>("level", &["standard"]), None);
        assert_eq!(fields.text("none"), None);
        assert_eq!(fields.required_text("absent"), "");
        let told = ["name", "hidden", "limit", "list[1]", "list[2]", "level", "none", "absent", "deleted"];
        assert_eq!(complaints(fields), told);
    }

    #[test]
    fn what_is_wrong_inside_a_list_of_objects_is_told_with_its_path() {
        let mut fields = fields(&json!({ "claims": [{ "claim": "a" }, { "claim": 1, "x": 2 }, 3] }));
        assert_eq!(fields.objects("claims", |claim| claim.text("claim")), None);
        assert_eq!(complaints(fields), ["claims[1].claim", "claims[1].x", "claims[2]"]);
    }

    #[test]
    fn good_fields_come_out_as_they_went_in() {
        let mut fields = fields(&json!({ "name": "a", "list": [], "hidden": false, "limit": 10, "level": "standard" }));
        assert_eq!(fields.text("name").as_deref(), Some("a"));
        assert_eq!(fields.texts("list"), Some(vec![]));
        assert_eq!(fields.flag("hidden"), Some(false));
        assert_eq!(fields.integer("limit", 0..=10), Some(10));
        assert_eq!(fields.word::<String>("level", &["standard"]).as_deref(), Some("standard"));
        assert_eq!(fields.text("absent"), None);
        assert!(fields.finish().is_ok());
    }
}
