-- Customers, nested inside a domain. Only edges are stored; closures are recursive queries.

CREATE TABLE customers (
    id         uuid    PRIMARY KEY,
    number     bigint  NOT NULL UNIQUE,
    domain_id  uuid    NOT NULL,
    parent_id  uuid,                       -- none: the root of its domain
    short_name text    NOT NULL,
    name       text    NOT NULL,
    disabled   boolean NOT NULL DEFAULT false,
    created_at bigint  NOT NULL,
    sequence   bigint  NOT NULL,
    created_by text    NOT NULL DEFAULT 'anonymous', -- actor: user:<uuid>, system:cli
    updated_at bigint,                     -- null: as it was created
    updated_by text
);

CREATE UNIQUE INDEX customers_short_name ON customers (domain_id, lower(short_name));
CREATE INDEX customers_parent ON customers (parent_id);
-- Few or none, so that asking whether one above is disabled costs nothing.
CREATE INDEX customers_disabled ON customers (id) WHERE disabled;
