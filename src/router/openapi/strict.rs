//! What goes for every request: a field is there or not there, never `null`, and in JSON an unknown one is an error
//! ([`Fields`](crate::http::Fields)). OAuth's forms ignore what they do not know (RFC 6749 §3.1), so they are left as they are.

use std::collections::BTreeSet;
use utoipa::{
    Modify,
    openapi::{
        OpenApi, RefOr, Schema,
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
        let mut named = Vec::new();
        for operation in description.paths.paths.values_mut().flat_map(operations) {
            let parameters = operation.parameters.iter_mut().flatten().filter_map(written);
            let body = operation.request_body.as_mut().and_then(written);
            let json = body.and_then(|body| body.content.get_mut("application/json")).and_then(written);
            let schemas =
                parameters.filter_map(|one| one.schema.as_mut()).chain(json.and_then(|json| json.schema.as_mut()));
            schemas.for_each(|schema| tighten(schema, &mut named));
        }
        let Some(components) = &mut description.components else { return };
        let mut done = BTreeSet::new();
        while let Some(name) = named.pop() {
            if done.insert(name.clone())
                && let Some(schema) = components.schemas.get_mut(&name)
            {
                tighten(schema, &mut named);
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

/// Tightens a schema and what is in it; those that it only names are added to `named`.
fn tighten(schema: &mut RefOr<Schema>, named: &mut Vec<String>) {
    let inner = match schema {
        RefOr::Ref(reference) => return named.extend(reference.ref_location.strip_prefix(SCHEMAS).map(str::to_owned)),
        RefOr::T(inner) => inner,
    };
    match inner {
        Schema::Object(object) => {
            never_null(&mut object.schema_type);
            if !object.properties.is_empty() && object.additional_properties.is_none() {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
            object.properties.values_mut().for_each(|property| tighten(property, named));
        }
        Schema::Array(array) => {
            never_null(&mut array.schema_type);
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                tighten(items, named);
            }
        }
        Schema::OneOf(choice) => {
            choice.items.retain(|item| !is_null(item));
            choice.items.iter_mut().for_each(|item| tighten(item, named));
        }
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(|item| tighten(item, named)),
        Schema::AnyOf(choice) => choice.items.iter_mut().for_each(|item| tighten(item, named)),
        _ => {}
    }
}

fn never_null(kind: &mut SchemaType) {
    if let SchemaType::Array(kinds) = kind {
        kinds.retain(|kind| *kind != Type::Null);
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}
