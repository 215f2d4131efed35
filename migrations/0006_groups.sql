-- Groups, and who is in them directly.

CREATE TABLE groups (
    id          uuid    PRIMARY KEY,
    number      bigint  NOT NULL UNIQUE,
    domain_id   uuid    NOT NULL,
    customer_id uuid    NOT NULL,
    short_name  text    NOT NULL,
    name        text    NOT NULL,
    description text    NOT NULL,
    deleted     boolean NOT NULL DEFAULT false,
    created_at  bigint  NOT NULL,
    sequence    bigint  NOT NULL,
    created_by  text    NOT NULL DEFAULT 'anonymous', -- actor: user:<uuid>, system:cli
    updated_at  bigint,                -- null: as it was created
    updated_by  text,
    deleted_at  bigint,                -- null: not deleted
    deleted_by  text
);

-- A deleted group leaves its short name to others.
CREATE UNIQUE INDEX groups_short_name ON groups (domain_id, lower(short_name)) WHERE NOT deleted;
CREATE INDEX groups_customer ON groups (customer_id);

CREATE TABLE group_members (
    group_id    uuid NOT NULL,
    member_id   uuid NOT NULL,
    member_type text NOT NULL CHECK (member_type IN ('user', 'group')),
    added_at    bigint NOT NULL DEFAULT 0,
    added_by    text NOT NULL DEFAULT 'anonymous',
    comment     text,                  -- why it was added, in the words of who did
    -- The id of the Argus API: a UUID of version 8 (RFC 9562) made of the two.
    id          uuid NOT NULL GENERATED ALWAYS AS (overlay(overlay(
                    left(encode(sha256(uuid_send(group_id) || uuid_send(member_id)), 'hex'), 32)
                    placing '8' from 13) placing '8' from 17)::uuid) STORED,
    PRIMARY KEY (group_id, member_id)
);

CREATE UNIQUE INDEX group_members_id ON group_members (id);

CREATE INDEX group_members_member ON group_members (member_id);
