-- Permissions as they were granted: (subject, function, customer). What follows from them is computed (0010_rights.sql).

CREATE TABLE permissions (
    subject_id  uuid NOT NULL,             -- a user or a group
    function_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    PRIMARY KEY (subject_id, function_id, customer_id)
);

CREATE INDEX permissions_function ON permissions (function_id, customer_id);
