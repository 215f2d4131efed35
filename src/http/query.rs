//! Query strings of the Argus API: the same fields as a JSON body, lists as repeated parameters.

use super::{ArgusError, fields::Fields, form::decode};
use serde_json::{Map, Value};

/// The parameters as fields: those named in `lists` as lists of texts, the others, which must not be repeated, as a number if
/// they look like one and else as text.
///
/// # Errors
/// 412 for bad encoding or a repeated parameter.
pub fn query_fields(query: &str, lists: &[&str]) -> Result<Fields, ArgusError> {
    let mut object = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = decode(name).and_then(|name| Ok((name, decode(value)?)));
        let (name, value) = decoded.map_err(|_| ArgusError::Refused("the query string is not valid".to_owned()))?;
        if lists.contains(&name.as_str()) {
            let list = object.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().into_iter().for_each(|list| list.push(Value::String(value.clone())));
        } else if object.insert(name.clone(), scalar(value)).is_some() {
            return Err(ArgusError::field(name, "must be given once"));
        }
    }
    Ok(Fields::new(object))
}

fn scalar(text: String) -> Value {
    text.parse::<i64>().map_or(Value::String(text), Value::from)
}
