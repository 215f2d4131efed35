//! What goes for every request: a field is there or not there, never `null`, and in JSON an unknown one is an error
//! ([`Fields`](crate::http::Fields)). OAuth's forms ignore what they do not know (RFC 6749 §3.1), so they are left as they are.

use std::collections::{BTreeMap, BTreeSet};
use utoipa::{
    Modify,
    openapi::{
        Object, OpenApi, RefOr, Schema,
        path::{Operation, PathItem},
        schema::{AdditionalProperties, ArrayItems, SchemaType, Type},
    },
};

/// Where named schemas are.
const SCHEMAS: &str = "#/components/schemas/";

/// Says so in every schema that a request is made of.
pub(super) struct Strict;

impl Modify for Strict {
    fn modify(&self, description: &mut OpenApi) {
        let Some(components) = &mut description.components else { return };
        let mut strict = Tightening { known: components.schemas.clone(), named: Vec::new() };
        for operation in description.paths.paths.values_mut().flat_map(operations) {
            let parameters = operation.parameters.iter_mut().flatten().filter_map(written);
            let body = operation.request_body.as_mut().and_then(written);
            let json = body.and_then(|body| body.content.get_mut("application/json")).and_then(written);
            let schemas = parameters.filter_map(|one| one.schema.as_mut());
            schemas.chain(json.and_then(|json| json.schema.as_mut())).for_each(|schema| strict.tighten(schema));
        }
        let mut done = BTreeSet::new();
        while let Some(name) = strict.named.pop() {
            if done.insert(name.clone())
                && let Some(schema) = components.schemas.get_mut(&name)
            {
                strict.tighten(schema);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten()
}

/// What stands here, unless it is only referred to.
fn written<T>(part: &mut RefOr<T>) -> Option<&mut T> {
    match part {
        RefOr::T(part) => Some(part),
        RefOr::Ref(_) => None,
    }
}

struct Tightening {
    /// The named schemas as they were.
    known: BTreeMap<String, RefOr<Schema>>,
    /// Names of schemas that still have to be tightened.
    named: Vec<String>,
}

impl Tightening {
    /// A schema and all that is in it.
    fn tighten(&mut self, schema: &mut RefOr<Schema>) {
        let inner = match schema {
            RefOr::Ref(reference) => {
                return self.named.extend(reference.ref_location.strip_prefix(SCHEMAS).map(str::to_owned));
            }
            RefOr::T(inner) => inner,
        };
        if let Schema::AllOf(parts) = inner {
            let mut whole = Object::new();
            whole.description = parts.description.take();
            parts.items.iter().for_each(|part| self.merge(&mut whole, part));
            *inner = whole.into();
        }
        match inner {
            Schema::Object(object) => self.close(object),
            Schema::Array(array) => {
                never_null(&mut array.schema_type);
                if let ArrayItems::RefOrSchema(items) = &mut array.items {
                    self.tighten(items);
                }
            }
            Schema::OneOf(choice) => {
                choice.items.retain(|item| !is_null(item));
                choice.items.iter_mut().for_each(|item| self.tighten(item));
                if let [only] = choice.items.as_slice() {
                    *schema = only.clone();
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, object: &mut Object) {
        never_null(&mut object.schema_type);
        if !object.properties.is_empty() && object.additional_properties.is_none() {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
        object.properties.values_mut().for_each(|property| self.tighten(property));
    }

    /// Objects of several parts become one: no part of them could forbid what it does not know.
    fn merge(&self, whole: &mut Object, part: &RefOr<Schema>) {
        match part {
            RefOr::Ref(reference) => {
                let name = reference.ref_location.strip_prefix(SCHEMAS);
                name.and_then(|name| self.known.get(name)).into_iter().for_each(|part| self.merge(whole, part));
            }
            RefOr::T(Schema::Object(part)) => {
                whole.properties.extend(part.properties.clone());
                whole.required.extend(part.required.clone());
            }
            RefOr::T(Schema::AllOf(parts)) => parts.items.iter().for_each(|part| self.merge(whole, part)),
            RefOr::T(_) => {}
        }
    }
}

fn never_null(kind: &mut SchemaType) {
    if let SchemaType::Array(kinds) = kind {
        kinds.retain(|kind| *kind != Type::Null);
        if let [only] = kinds.as_slice() {
            *kind = SchemaType::Type(only.clone());
        }
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}
