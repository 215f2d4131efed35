-- Domains: the spaces in which customers, groups and users have unique names.

CREATE TABLE domains (
    id         uuid   PRIMARY KEY,
    number     bigint NOT NULL UNIQUE,     -- the integer id of the Argus API
    short_name text   NOT NULL,
    name       text   NOT NULL,
    created_at bigint NOT NULL,            -- milliseconds, as all times
    sequence   bigint NOT NULL             -- of the event that last changed the row
);

CREATE UNIQUE INDEX domains_short_name ON domains (lower(short_name));
