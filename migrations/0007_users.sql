-- Users, in clear. Events hold their profile sealed; when the key is destroyed, a rebuilt row has no personal data.

CREATE TABLE users (
    id                   uuid    PRIMARY KEY,
    number               bigint  NOT NULL UNIQUE,
    domain_id            uuid    NOT NULL,
    customer_id          uuid    NOT NULL,
    user_name            text,                           -- folded; null: erased
    name                 text,
    email                text,
    email_verified       boolean NOT NULL DEFAULT false,
    phone                text,
    status               text    NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'blocked', 'deleted')),
    epoch                integer NOT NULL DEFAULT 0,     -- what was decided at an older one is void
    password_hash        text,                           -- argon2id, a PHC string
    must_change_password boolean NOT NULL DEFAULT false,
    created_at           bigint  NOT NULL,
    sequence             bigint  NOT NULL,
    description          text    NOT NULL DEFAULT '',
    daemon               boolean NOT NULL DEFAULT false, -- no person stands behind it
    created_by           text    NOT NULL DEFAULT 'anonymous', -- actor: user:<uuid>, system:cli
    updated_at           bigint,                         -- null: as it was created
    updated_by           text,
    deleted_at           bigint,                         -- null: not deleted
    deleted_by           text
);

-- A deleted user leaves the name to others.
CREATE UNIQUE INDEX users_user_name ON users (domain_id, user_name) WHERE status <> 'deleted';
CREATE INDEX users_customer ON users (customer_id);

CREATE TABLE api_keys (
    prefix      text    PRIMARY KEY,                     -- the public part: 1ab/2c
    user_id     uuid    NOT NULL,
    secret_hash text    NOT NULL,                        -- SHA-256, hexadecimal
    sources     jsonb   NOT NULL,                        -- list of CIDR; never empty
    description text    NOT NULL,
    constraints jsonb   NOT NULL,                        -- aggregates::values::Constraints
    read_only   boolean NOT NULL,                        -- as in the constraints
    created_by  text    NOT NULL,                        -- user:<id>, system:cli
    created_at  bigint  NOT NULL,
    expires_at  bigint  NOT NULL,
    revoked     boolean NOT NULL DEFAULT false           -- also by deletion of the user
);

CREATE INDEX api_keys_user ON api_keys (user_id);
