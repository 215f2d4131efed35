//! JSON without surprises: RFC 8259 §4 leaves repeated names to the reader, so they are refused; so is NUL, which Postgres
//! cannot store. Depth (128), numbers, lone surrogates, a byte order mark and trailing bytes are refused by `serde_json`.

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Parses one JSON object.
///
/// # Errors
/// A text for the caller, which repeats nothing of the input.
pub(super) fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the body is not valid UTF-8")?;
    match serde_json::from_str(text) {
        Ok(Strict(Value::Object(object))) => Ok(object),
        Ok(_) => Err("the body must be a JSON object"),
        Err(_) => Err("the body is not valid JSON, names a field twice, or holds a NUL character"),
    }
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

fn without_nul<E: Error>(text: String) -> Result<String, E> {
    if text.contains('\0') { Err(E::custom("NUL")) } else { Ok(text) }
}

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        without_nul(text.to_owned()).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(value)) = elements.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = entries.next_entry::<String, _>()? {
            if object.insert(without_nul(name)?, value).is_some() {
                return Err(A::Error::custom("repeated name"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_two_readers_could_read_differently_is_refused() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{",
            "{}{}",
            "{} x",
            "[]",
            "null",
            "\"a\"",
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":[{"b":1,"b":2}]}"#,
            r#"{"a":1e400}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\u0000"}"#,
            r#"{"a\u0000":1}"#,
            "\u{feff}{}",
            r#"{"a":NaN}"#,
            r#"{"a":01}"#,
            r#"{'a':1}"#,
            r#"{"a":1,}"#,
            &deep,
        ] {
            assert!(parse_object(text.as_bytes()).is_err(), "{text:.40}");
        }
        assert!(parse_object(b"{\"a\":\"\xff\"}").is_err());
    }

    #[test]
    fn an_object_is_read_as_it_stands() {
        let text = r#"{"a":[1,-2,0.5,true,null,"\u00e6"],"b":{"c":{}}}"#;
        assert_eq!(parse_object(text.as_bytes()).ok().map(Value::Object), serde_json::from_str(text).ok());
    }
}
