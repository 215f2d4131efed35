-- OAuth clients as they stand. A row is the aggregate's definition; the columns that are searched are generated from it, so
-- that they cannot disagree.

CREATE TABLE clients (
    id                   uuid    PRIMARY KEY,
    sequence             bigint  NOT NULL,           -- of the last event applied: the client's version
    epoch                integer NOT NULL DEFAULT 0, -- grants of an earlier one are void
    deleted              boolean NOT NULL DEFAULT false,
    definition           jsonb   NOT NULL,           -- aggregates::client::Definition
    created_at           bigint  NOT NULL,           -- milliseconds
    created_by           text    NOT NULL,           -- actor: user:<uuid>, system:cli
    updated_at           bigint  NOT NULL,
    updated_by           text    NOT NULL,
    short_name           text    NOT NULL GENERATED ALWAYS AS (definition->>'short_name') STORED,
    name                 text    NOT NULL GENERATED ALWAYS AS (definition->>'name') STORED,
    hidden               boolean NOT NULL GENERATED ALWAYS AS ((definition->>'hidden')::boolean) STORED,
    domain_id            uuid    NOT NULL GENERATED ALWAYS AS ((definition->>'domain')::uuid) STORED,
    customer_id          uuid             GENERATED ALWAYS AS ((definition->>'customer')::uuid) STORED,
    required_function_id uuid    NOT NULL GENERATED ALWAYS AS ((definition->>'required_function')::uuid) STORED,
    permission_scope_id  uuid    NOT NULL GENERATED ALWAYS AS ((definition->>'permission_scope')::uuid) STORED
);

-- A deleted client leaves its short name to others.
CREATE UNIQUE INDEX clients_short_name ON clients (domain_id, lower(short_name)) WHERE NOT deleted;
CREATE INDEX clients_required_function ON clients (required_function_id);
