-- Permissions as they were granted: (subject, function, customer). What follows from them is computed (0010_rights.sql).

CREATE TABLE permissions (
    subject_id  uuid   NOT NULL,           -- a user or a group
    function_id uuid   NOT NULL,
    customer_id uuid   NOT NULL,
    number      bigint NOT NULL UNIQUE,    -- the integer id of the Argus API: the position of the event that granted it
    granted_at  bigint NOT NULL,
    granted_by  text   NOT NULL,           -- actor: user:<uuid>, system:cli
    comment     text,                      -- why it was granted, in the words of who did
    PRIMARY KEY (subject_id, function_id, customer_id)
);

CREATE INDEX permissions_function ON permissions (function_id, customer_id);
CREATE INDEX permissions_customer ON permissions (customer_id);
