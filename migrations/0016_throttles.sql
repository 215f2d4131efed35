-- Attempts at signing in, counted per account and per address. Not a read model: it guards the password check, holds no
-- history, and survives restarts because it stands in the database (docs/decisions).
CREATE TABLE throttles (
    key       text   PRIMARY KEY,  -- HMAC of what is counted; the table holds no name and no address
    attempts  bigint NOT NULL,
    since     bigint NOT NULL      -- start of the counted window, milliseconds
);
