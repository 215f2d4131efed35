-- Who may do what, computed from the edges at the moment of asking. Every function walks indexes from its arguments outwards,
-- so that it is cheap inside larger statements: SELECT .. FROM clients c CROSS JOIN LATERAL held($1, c.required_function_id, ..).

-- A function and all that it implies.
CREATE FUNCTION functions_within(top uuid) RETURNS TABLE (function_id uuid) LANGUAGE sql STABLE ROWS 10 AS $$
    WITH RECURSIVE within (id) AS (
        SELECT f.id FROM functions f WHERE f.id = top AND NOT f.deleted
        UNION
        SELECT e.child_id FROM within w JOIN function_children e ON e.parent_id = w.id
    )
    SELECT id FROM within
$$;

-- A function and all that imply it.
CREATE FUNCTION functions_implying(wanted uuid) RETURNS TABLE (function_id uuid) LANGUAGE sql STABLE ROWS 5 AS $$
    WITH RECURSIVE implying (id) AS (
        SELECT f.id FROM functions f WHERE f.id = wanted AND NOT f.deleted
        UNION
        SELECT e.parent_id FROM implying i JOIN function_children e ON e.child_id = i.id
    )
    SELECT id FROM implying
$$;

-- A customer and all below it.
CREATE FUNCTION customers_within(top uuid) RETURNS TABLE (customer_id uuid) LANGUAGE sql STABLE ROWS 10 AS $$
    WITH RECURSIVE within (id) AS (
        SELECT c.id FROM customers c WHERE c.id = top
        UNION
        SELECT c.id FROM within w JOIN customers c ON c.parent_id = w.id
    )
    SELECT id FROM within
$$;

-- A customer and all above it.
CREATE FUNCTION customers_above(bottom uuid) RETURNS TABLE (customer_id uuid) LANGUAGE sql STABLE ROWS 3 AS $$
    WITH RECURSIVE above (id, parent_id) AS (
        SELECT c.id, c.parent_id FROM customers c WHERE c.id = bottom
        UNION
        SELECT c.id, c.parent_id FROM above a JOIN customers c ON c.id = a.parent_id
    )
    SELECT id FROM above
$$;

-- A user and every group the user is in, directly or not. Nothing for a user who is blocked or deleted, or whose customer, or
-- one above it, is disabled: whatever else was forgotten, such a user holds nothing.
CREATE FUNCTION subjects_of(person uuid) RETURNS TABLE (subject_id uuid) LANGUAGE sql STABLE ROWS 5 AS $$
    WITH RECURSIVE subjects (id) AS (
        SELECT u.id FROM users u
        WHERE u.id = person AND u.status = 'active' AND NOT EXISTS (
            SELECT FROM customers_above(u.customer_id) a JOIN customers c ON c.id = a.customer_id WHERE c.disabled)
        UNION
        SELECT g.id FROM subjects s JOIN group_members m ON m.member_id = s.id JOIN groups g ON g.id = m.group_id
        WHERE NOT g.deleted
    )
    SELECT id FROM subjects
$$;

-- The permission by which a user holds a function for a customer of the domain; customer null: for any customer of the domain.
-- At most one row, always the same: the user's own before a group's, then in the order of ids. Nobody holds anything for a
-- customer that is disabled, or lies below one that is.
CREATE FUNCTION held(person uuid, wanted uuid, place uuid, space uuid)
RETURNS TABLE (subject_id uuid, function_id uuid, customer_id uuid) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT p.subject_id, p.function_id, p.customer_id
    FROM subjects_of(person) s
    CROSS JOIN LATERAL (SELECT g.* FROM permissions g WHERE g.subject_id = s.subject_id OFFSET 0) p
    JOIN customers c ON c.id = p.customer_id AND c.domain_id = space
    WHERE p.function_id IN (SELECT i.function_id FROM functions_implying(wanted) i)
      AND (place IS NULL OR p.customer_id IN (SELECT a.customer_id FROM customers_above(place) a))
      AND NOT EXISTS (SELECT FROM customers_above(COALESCE(place, p.customer_id)) a JOIN customers x ON x.id = a.customer_id
        WHERE x.disabled)
    ORDER BY p.subject_id <> person, p.subject_id, p.function_id, p.customer_id
    LIMIT 1
$$;

-- Everything a user may do: functions with what they imply, for customers with what lies below.
CREATE FUNCTION rights_of(person uuid) RETURNS TABLE (function_id uuid, customer_id uuid) LANGUAGE sql STABLE ROWS 100 AS $$
    SELECT DISTINCT f.function_id, c.customer_id
    FROM subjects_of(person) s
    CROSS JOIN LATERAL (SELECT g.* FROM permissions g WHERE g.subject_id = s.subject_id OFFSET 0) p
    CROSS JOIN LATERAL functions_within(p.function_id) f
    CROSS JOIN LATERAL customers_within(p.customer_id) c
    WHERE NOT EXISTS (SELECT FROM customers_above(c.customer_id) a JOIN customers x ON x.id = a.customer_id WHERE x.disabled)
$$;

-- The bounds that a function for a customer violates; place null: only by the function. Bounds are a list of
-- {"functions": [ids] or null, "customers": [ids] or null}: a client's scope, the constraints of sessions and API keys. A function
-- is inside when one of the list implies it, a customer when one of the list is it or lies above it; null does not narrow.
CREATE FUNCTION violated(bounds jsonb, wanted uuid, place uuid) RETURNS TABLE (bound jsonb) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT b.bound FROM jsonb_array_elements(bounds) b (bound)
    WHERE (b.bound -> 'functions' <> 'null'
            AND NOT EXISTS (SELECT FROM functions_implying(wanted) i WHERE b.bound -> 'functions' ? i.function_id::text))
       OR (place IS NOT NULL AND b.bound -> 'customers' <> 'null'
            AND NOT EXISTS (SELECT FROM customers_above(place) a WHERE b.bound -> 'customers' ? a.customer_id::text))
$$;

-- The bounds that a place lies outside of, whatever is done there.
CREATE FUNCTION outside(bounds jsonb, place uuid) RETURNS TABLE (bound jsonb) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT b.bound FROM jsonb_array_elements(bounds) b (bound)
    WHERE b.bound -> 'customers' <> 'null'
        AND NOT EXISTS (SELECT FROM customers_above(place) a WHERE b.bound -> 'customers' ? a.customer_id::text)
$$;

-- The customers that bounds name.
CREATE FUNCTION customers_named(bounds jsonb) RETURNS TABLE (customer_id uuid) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT (named #>> '{}')::uuid FROM jsonb_path_query(bounds, '$[*].customers[*] ? (@ != null)') named
$$;

-- As `held`, within bounds; place null: for any customer of the domain that is left by them. No row: not held. To be asked with
-- EXISTS; a set, unlike a scalar function, becomes part of the statement that asks and is planned once with it. Where bounds
-- name customers, it is enough to try these and the ones that permissions were granted for: of two customers that both count,
-- one lies above the other.
CREATE FUNCTION holds(person uuid, bounds jsonb, wanted uuid, place uuid, space uuid)
RETURNS TABLE (subject_id uuid, function_id uuid, customer_id uuid) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT h.subject_id, h.function_id, h.customer_id
    FROM (
        SELECT place AS id WHERE place IS NOT NULL OR NOT EXISTS (SELECT FROM customers_named(bounds))
        UNION
        SELECT n.customer_id FROM customers_named(bounds) n WHERE place IS NULL
        UNION
        SELECT g.customer_id FROM subjects_of(person) s JOIN permissions g ON g.subject_id = s.subject_id
        WHERE place IS NULL AND EXISTS (SELECT FROM customers_named(bounds))
    ) asked
    CROSS JOIN LATERAL held(person, wanted, asked.id, space) h
    WHERE NOT EXISTS (SELECT FROM violated(bounds, wanted, asked.id))
    LIMIT 1
$$;

-- Those of a function and what it implies that a user holds within bounds, for a customer or one below it; place null: for any
-- customer of the domain.
CREATE FUNCTION functions_held(person uuid, bounds jsonb, top uuid, place uuid, space uuid) RETURNS TABLE (function_id uuid)
LANGUAGE sql STABLE ROWS 10 AS $$
    SELECT w.function_id FROM functions_within(top) w
    WHERE EXISTS (SELECT FROM holds(person,
        CASE WHEN place IS NULL THEN bounds
            ELSE bounds || jsonb_build_array(jsonb_build_object('functions', NULL, 'customers', jsonb_build_array(place))) END,
        w.function_id, NULL, space))
$$;

-- Everything a user may do within bounds.
CREATE FUNCTION rights_within(person uuid, bounds jsonb) RETURNS TABLE (function_id uuid, customer_id uuid)
LANGUAGE sql STABLE ROWS 100 AS $$
    SELECT r.function_id, r.customer_id FROM rights_of(person) r
    WHERE NOT EXISTS (SELECT FROM violated(bounds, r.function_id, r.customer_id))
$$;

-- A user or a group, and every group that it is in, directly or not; whatever the state of the user.
CREATE FUNCTION memberships_of(member uuid) RETURNS TABLE (subject_id uuid) LANGUAGE sql STABLE ROWS 5 AS $$
    WITH RECURSIVE subjects (id) AS (
        SELECT member
        UNION
        SELECT g.id FROM subjects s JOIN group_members m ON m.member_id = s.id JOIN groups g ON g.id = m.group_id
        WHERE NOT g.deleted
    )
    SELECT id FROM subjects
$$;

-- A group, and everybody and every group in it, directly or not.
CREATE FUNCTION members_of(top uuid) RETURNS TABLE (subject_id uuid) LANGUAGE sql STABLE ROWS 20 AS $$
    WITH RECURSIVE subjects (id) AS (
        SELECT top
        UNION
        SELECT m.member_id FROM subjects s JOIN groups g ON g.id = s.id AND NOT g.deleted
        JOIN group_members m ON m.group_id = g.id
    )
    SELECT id FROM subjects
$$;
