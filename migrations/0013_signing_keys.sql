-- The signing keys and where each stands in its life. Private halves only as ciphertext.

CREATE TABLE signing_keys (
    id              uuid   PRIMARY KEY,                  -- its text is the kid
    algorithm       text   NOT NULL,                     -- RS256
    status          text   NOT NULL CHECK (status IN ('successor', 'active', 'retired')),
    public_jwk      jsonb  NOT NULL,
    sealed_private  text   NOT NULL,
    created_at      bigint NOT NULL,                     -- milliseconds, as all times
    activated_at    bigint,
    retired_at      bigint,
    published_until bigint,                              -- of a retired key
    sequence        bigint NOT NULL
);

-- Two nodes never have two active keys or two successors.
CREATE UNIQUE INDEX signing_keys_one_of_a_status ON signing_keys (algorithm, status) WHERE status <> 'retired';
