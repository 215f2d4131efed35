-- Functions, and the graph of which implies which.

CREATE TABLE functions (
    id          uuid    PRIMARY KEY,
    number      bigint  NOT NULL UNIQUE,
    short_name  text    NOT NULL,
    name        text    NOT NULL,
    description text    NOT NULL,
    role        boolean NOT NULL,          -- administrators hand it out
    created_at  bigint  NOT NULL,
    sequence    bigint  NOT NULL
);

CREATE UNIQUE INDEX functions_short_name ON functions (lower(short_name));

CREATE TABLE function_children (
    parent_id uuid NOT NULL,
    child_id  uuid NOT NULL,
    PRIMARY KEY (parent_id, child_id)
);

CREATE INDEX function_children_child ON function_children (child_id);
