-- When and from where each API key was last used. Not a read model: a use is no event, since the uses of one key would collide
-- with each other and with every change of its owner. Written in batches, so that a crash loses the last seconds.
CREATE TABLE api_key_uses (
    prefix  text   PRIMARY KEY,
    at      bigint NOT NULL,
    address text   NOT NULL             -- sealed under the key's owner
);
