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
    sequence    bigint  NOT NULL
);

-- A deleted group leaves its short name to others.
CREATE UNIQUE INDEX groups_short_name ON groups (domain_id, lower(short_name)) WHERE NOT deleted;

CREATE TABLE group_members (
    group_id    uuid NOT NULL,
    member_id   uuid NOT NULL,
    member_type text NOT NULL CHECK (member_type IN ('user', 'group')),
    PRIMARY KEY (group_id, member_id)
);

CREATE INDEX group_members_member ON group_members (member_id);
