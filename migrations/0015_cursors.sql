-- How far each follower has come, and which parts of the log are no longer there. design.md §3, "Follow" and "Rebuild".

CREATE TABLE cursors (
    name       text   PRIMARY KEY,                       -- the read model, or sink:NAME
    version    int    NOT NULL,                          -- of its tables; less than the program's: rebuild it
    position   bigint NOT NULL DEFAULT 0,                -- everything up to here is in it (not of inline models)
    rebuilds   int    NOT NULL DEFAULT 0,                -- how often its tables were filled anew
    status     text   NOT NULL DEFAULT 'live'            -- failing: tries again; stopped: waits for an operator
        CHECK (status IN ('live', 'failing', 'stopped')),
    error      text,                                     -- why it stands still, when it does
    began_at   timestamptz NOT NULL DEFAULT now(),       -- what was dropped before was never its to have
    reached_at timestamptz,                              -- when events last got there
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- Written by whoever drops a partition, in the same transaction, so that a cursor below it is an error and not a silent gap.
CREATE TABLE dropped_ranges (
    partition      text        PRIMARY KEY,
    aggregate_type text        NOT NULL,                 -- of all streams in it
    first_position bigint      NOT NULL,
    last_position  bigint      NOT NULL,
    events         bigint      NOT NULL,
    tree_size      bigint      NOT NULL,                 -- the first checkpoint that covers it, and its root: what the events that
    root           bytea       NOT NULL,                 -- are gone can still be held against
    note           text        NOT NULL,                 -- all of it, signed by the key of the checkpoints (C2SP signed-note)
    dropped_at     timestamptz NOT NULL DEFAULT now()
);
REVOKE INSERT, UPDATE, DELETE ON dropped_ranges FROM argus_app;
