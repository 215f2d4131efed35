-- Functions, and the graph of which implies which.

CREATE TABLE functions (
    id          uuid    PRIMARY KEY,
    number      bigint  NOT NULL UNIQUE,
    short_name  text    NOT NULL,
    name        text    NOT NULL,
    description text    NOT NULL,
    role        boolean NOT NULL,          -- administrators hand it out
    created_at  bigint  NOT NULL,
    sequence    bigint  NOT NULL,
    created_by  text    NOT NULL DEFAULT 'anonymous', -- actor: user:<uuid>, system:cli
    updated_at  bigint,                    -- null: as it was created
    updated_by  text,
    deleted     boolean NOT NULL DEFAULT false,
    deleted_at  bigint,                    -- null: not deleted
    deleted_by  text
);

-- A deleted function leaves its short name to others.
CREATE UNIQUE INDEX functions_short_name ON functions (lower(short_name)) WHERE NOT deleted;

CREATE TABLE function_children (
    parent_id uuid   NOT NULL,
    child_id  uuid   NOT NULL,
    added_at  bigint NOT NULL DEFAULT 0,
    added_by  text   NOT NULL DEFAULT 'anonymous',
    -- The id of the Argus API: a UUID of version 8 (RFC 9562) made of the two.
    id        uuid   NOT NULL GENERATED ALWAYS AS (overlay(overlay(
                  left(encode(sha256(uuid_send(parent_id) || uuid_send(child_id)), 'hex'), 32)
                  placing '8' from 13) placing '8' from 17)::uuid) STORED,
    PRIMARY KEY (parent_id, child_id)
);

CREATE INDEX function_children_child ON function_children (child_id);
