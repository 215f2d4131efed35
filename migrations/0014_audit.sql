-- Read model "audit": who did what, for whom, under which definition, with which outcome. Followed: written in log order by one
-- follower at a time, never from a request.
CREATE TABLE audit (
    position          bigint PRIMARY KEY,  -- of the event, in the log
    at                bigint NOT NULL,     -- milliseconds, by the clock that decided
    action            text   COLLATE "C" NOT NULL,     -- authorization.granted, token.refreshed, sign_in.refused, client.renamed, …
    outcome           text   NOT NULL,     -- granted, refused, revoked, done
    reason            text,
    missing           jsonb,               -- {"scopes": []}, {"ranges": []} or {"condition": text}
    actor             text   NOT NULL,     -- user:<id>, system:cli, anonymous
    user_id           uuid,
    session_id        uuid,
    api_key           text,                -- its prefix
    grant_id          uuid,
    client_id         uuid,
    client_version    bigint,
    customer_id       uuid,
    domain_id         uuid,                -- none for what belongs to the whole installation
    object_type       text,                -- of a definition: client, user, group, …
    object_id         uuid,
    step              text,                -- authorize, a grant_type, use, introspect, revoke; of a refused call method and route
    scopes_asked      text[],
    scopes            text[],              -- that were given
    functions         bigint[],            -- numbers of those that the token may use
    ip                inet,
    ip_of             uuid,                -- whose key sealed it; when that is destroyed, the address goes
    ip_range          text,
    required_function uuid,
    required_for      uuid,                -- the customer that it had to be held for; null: any
    held_by           jsonb,               -- the permission: subject, function, customer
    method            text,
    authenticated_at  bigint,
    count             bigint NOT NULL,     -- equal events that this entry stands for
    request_id        text,
    note              text                 -- the reason that was given with a change
);
CREATE INDEX audit_by_time ON audit (at, position);
CREATE INDEX audit_by_user ON audit (user_id, position);
CREATE INDEX audit_by_client ON audit (client_id, position);
CREATE INDEX audit_by_grant ON audit (grant_id, position);
CREATE INDEX audit_by_session ON audit (session_id, position);
CREATE INDEX audit_by_customer ON audit (customer_id, position);
CREATE INDEX audit_by_actor ON audit (actor, position);
CREATE INDEX audit_by_action ON audit (action, position);
CREATE INDEX audit_by_ip ON audit (ip, position);
CREATE INDEX audit_by_request ON audit (request_id);
CREATE INDEX audit_by_object ON audit (object_id, position) WHERE object_id IS NOT NULL;
CREATE INDEX audit_by_function ON audit (required_function, position) WHERE required_function IS NOT NULL;
CREATE INDEX audit_by_reason ON audit (reason, position) WHERE reason IS NOT NULL;
-- Nearly everything is granted.
CREATE INDEX audit_by_outcome ON audit (outcome, position) WHERE outcome <> 'granted';
-- Of several domains a small one finds its entries among those of the others.
CREATE INDEX audit_by_domain ON audit (domain_id, position);
CREATE INDEX audit_by_ip_of ON audit (ip_of) WHERE ip IS NOT NULL;
-- Where users and groups have been.
CREATE INDEX audit_places ON audit (object_id, position)
    WHERE action IN ('user.created', 'user.moved', 'group.created', 'group.moved');
