-- Read model "sessions": what a request needs to know of a sign-in. Inline: written by the statement that appends the event.
CREATE TABLE sessions (
    id                   uuid    PRIMARY KEY,
    sequence             bigint  NOT NULL,
    user_id              uuid    NOT NULL,
    user_epoch           bigint  NOT NULL,
    method               text    NOT NULL,
    authenticated_at     bigint  NOT NULL,
    token                text    NOT NULL,
    generation           bigint  NOT NULL,
    address              text    NOT NULL,
    must_change_password boolean NOT NULL,
    started_at           bigint  NOT NULL,
    valid_until          bigint  NOT NULL,
    ended_at             bigint,
    end_reason           text,
    ancestors            jsonb   NOT NULL,   -- ids of the sessions that it was narrowed from, the nearest first; it ends with each
    bounds               jsonb   NOT NULL    -- list of aggregates::values::Constraints, all of which hold
);
CREATE INDEX sessions_by_user ON sessions (user_id);
