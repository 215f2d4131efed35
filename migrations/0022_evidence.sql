-- Evidence: a hash of every event as it was recorded, and signed heads of the Merkle tree (RFC 9162 §2.1) over them. Followed, but
-- never rebuilt: from a log that somebody changed it would be made to agree with the change. docs/explanation/tamper-evidence.md.

CREATE TABLE evidence_leaves (
    number   bigint PRIMARY KEY CHECK (number >= 0),          -- 0, 1, 2 … in the order of the log, without holes
    position bigint NOT NULL UNIQUE,                          -- of the event, in the log
    hash     bytea  NOT NULL CHECK (length(hash) = 32)        -- SHA-256 of 0x00 and the event's canonical bytes
);

-- The roots of the full subtrees of 256, 256², 256³ … leaves: from them any other node is made with few reads.
CREATE TABLE evidence_nodes (
    level  int    NOT NULL CHECK (level > 0),                 -- covers 256 to that power of leaves
    number bigint NOT NULL CHECK (number >= 0),               -- from the left
    hash   bytea  NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, number)
);

CREATE TABLE checkpoints (
    tree_size     bigint PRIMARY KEY CHECK (tree_size > 0),   -- how many leaves are under it
    last_position bigint NOT NULL,                            -- of the last of them, in the log
    root          bytea  NOT NULL CHECK (length(root) = 32),
    signed_at     bigint NOT NULL,                            -- milliseconds, by the clock of the server that signed it
    note          text   NOT NULL                             -- all of it, signed: C2SP signed-note and tlog-checkpoint
);

CREATE FUNCTION refuse_change_of_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence is final: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER evidence_leaves_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();
CREATE TRIGGER evidence_nodes_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_nodes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();
CREATE TRIGGER checkpoints_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();

REVOKE UPDATE, DELETE ON evidence_leaves, evidence_nodes, checkpoints FROM argus_app;
