-- Keys that seal, outside of the log: destroying one makes everything sealed under it unreadable, in history too. design.md §2.

CREATE TABLE personal_keys (
    subject_id uuid  PRIMARY KEY,      -- a user; nil: data of nobody known
    wrapped    bytea NOT NULL          -- the data key, encrypted under a key derived from the master key
);

-- Which master key this database belongs to, so that another one is noticed before it seals anything.
CREATE TABLE master_key_fingerprint (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    fingerprint bytea   NOT NULL
);

-- A key may be made and destroyed, never replaced: that would lose data in silence.
REVOKE UPDATE ON personal_keys FROM argus_app;
REVOKE UPDATE, DELETE ON master_key_fingerprint FROM argus_app;
