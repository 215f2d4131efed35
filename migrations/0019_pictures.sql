-- Pictures of users, sealed with the user's key. Not a read model: no event holds them, so that destroying the key erases.

CREATE TABLE pictures (
    user_id uuid PRIMARY KEY,
    sealed  text NOT NULL          -- base64 of a PNG
);
