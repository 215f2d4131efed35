-- The log: every fact, once, for ever. design.md §3. The application's role may read it and add to it, nothing else.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'argus_app') THEN
        CREATE ROLE argus_app NOLOGIN;
    END IF;
EXCEPTION
    -- Roles belong to the whole cluster, so another database's migration may have made it just now.
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role argus_app is missing and % may not create it', current_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('As an administrator: CREATE ROLE argus_app NOLOGIN; GRANT argus_app TO %I;', current_user);
END $$;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'argus_app', 'MEMBER') THEN
        EXECUTE format('GRANT argus_app TO %I', current_user);
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION '% may not act as the role argus_app', current_user
            USING ERRCODE = 'insufficient_privilege',
                  HINT = format('As an administrator: GRANT argus_app TO %I;', current_user);
END $$;

CREATE TABLE events (
    aggregate_type text   COLLATE "C" NOT NULL,
    aggregate_id   text   COLLATE "C" NOT NULL,              -- UUIDv7, lower case
    sequence       bigint NOT NULL CHECK (sequence > 0),     -- 1, 2, 3 … within the stream
    event_type     text   NOT NULL,
    event_version  text   NOT NULL,
    payload        jsonb  NOT NULL,
    metadata       jsonb  NOT NULL,
    position       bigint NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1),  -- the global order
    recorded_at    timestamptz NOT NULL DEFAULT now(),       -- information, never order
    CONSTRAINT events_pkey PRIMARY KEY (aggregate_type, aggregate_id, sequence)
) PARTITION BY LIST (aggregate_type);

CREATE INDEX events_position ON events (position);
-- Where in the log a time is. Times nearly follow positions, so that a few bytes for each range of blocks say it.
CREATE INDEX events_recorded ON events USING brin (recorded_at);

-- Definitions are few and kept; grants and sessions are many and leave by the month (event_store/partitions.rs makes the months).
CREATE TABLE events_definitions PARTITION OF events
    FOR VALUES IN ('client', 'user', 'group', 'customer', 'domain', 'function', 'provider', 'signing_key');
CREATE TABLE events_grant   PARTITION OF events FOR VALUES IN ('grant')   PARTITION BY RANGE (aggregate_id);
CREATE TABLE events_session PARTITION OF events FOR VALUES IN ('session') PARTITION BY RANGE (aggregate_id);

CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are final: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- A row trigger reaches every partition, also later ones; a TRUNCATE trigger does not, so each leaf has its own.
CREATE TRIGGER events_are_final BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_events();
CREATE TRIGGER events_are_kept BEFORE TRUNCATE ON events_definitions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events();

-- Read models, made by this same role from here on, may be written by the application.
GRANT USAGE ON SCHEMA public TO argus_app;
GRANT SELECT, INSERT ON events TO argus_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO argus_app;
