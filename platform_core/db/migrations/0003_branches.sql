-- Branches: what isolated changes leave behind is the difference of rows, nothing else.
--
-- A transaction in a branch is one of the main line that is never committed there: the rows of the branch
-- are put in their places (branch_apply), the work is done by the same statements, rules and indexes as
-- ever, its changes are noted (branch_capture), everything is undone, and the noted changes are kept
-- (branch_keep). Nobody else ever sees a row of a branch in a table of records.

CREATE TABLE app.branch_row (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    branch_id uuid NOT NULL,
    -- `<schema>.<table>` and the id of the record.
    relation text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    -- 'none': made and deleted in the same transaction.
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('create', 'update', 'delete', 'none')),
    -- The row of the main line when each column was first changed; null for a new one.
    base jsonb,
    -- The columns that differ; the whole row for a new one; null for a deleted one.
    patch jsonb,
    edits bigint NOT NULL DEFAULT 1,
    actor text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX branch_row_record ON app.branch_row (tenant_id, branch_id, relation, record_id);
SELECT app.make_tenant_table('app.branch_row');
SELECT app.leave_in_branch('app.branch_row');

-- ---------------------------------------------------------------------------------------------
-- Helpers.

-- The columns that a branch may change: neither identity, nor what follows from a write. With those that are
-- generated from others, for whoever compares or reads rows.
CREATE FUNCTION app.branch_columns(target regclass, generated boolean DEFAULT false) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND (generated OR attgenerated = '')
      AND attname NOT IN ('tenant_id', 'id', 'created_at', 'updated_at', 'version')
$$;

CREATE FUNCTION app.json_changes(old jsonb, new jsonb, names text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(n, new -> n) FILTER (WHERE (new -> n) IS DISTINCT FROM (old -> n)), '{}')
    FROM unnest(names) n
$$;

CREATE FUNCTION app.json_keys(of jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$ SELECT coalesce(array_agg(k), '{}') FROM jsonb_object_keys(of) k $$;

CREATE FUNCTION app.json_pick(value jsonb, names text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(n, value -> n), '{}') FROM unnest(names) n
$$;

-- ---------------------------------------------------------------------------------------------
-- In and out of a branch.

-- One at a time works in a branch, and none while it is merged.
CREATE FUNCTION app.branch_lock(branch uuid) RETURNS void LANGUAGE sql
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('|', app.tenant_id(), branch), 7))
$$;

-- Chooses the branch of this transaction, by id or name. To be followed by SAVEPOINT and branch_begin; `writes`
-- is null for who only looks and asks for the rows of the branch beside those of the main line.
CREATE FUNCTION app.branch_enter(wanted text, writes boolean) RETURNS uuid LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    branch uuid;
    now_in text;
BEGIN
    SELECT b.id INTO branch FROM app.branch b WHERE b.id::text = lower(wanted) OR b.name = wanted
        ORDER BY b.id::text = lower(wanted) DESC LIMIT 1;
    IF branch IS NOT NULL THEN
        IF writes IS NOT NULL THEN
            PERFORM app.branch_lock(branch);
            -- Putting a large branch in its place is not one request's statement.
            IF current_setting('statement_timeout') = '10s' THEN
                PERFORM set_config('statement_timeout', '30s', true);
            END IF;
        END IF;
        SELECT b.state INTO now_in FROM app.branch b WHERE b.id = branch;
    END IF;
    IF now_in IS NULL THEN
        RAISE EXCEPTION 'There is no branch "%". Name an open one, or none to work on the main line.', left(wanted, 100)
            USING ERRCODE = 'PB404';
    ELSIF now_in NOT IN ('open', 'review') THEN
        RAISE EXCEPTION 'This branch is % and cannot be entered. Work on the main line, or in another branch.', now_in
            USING ERRCODE = 'PB409';
    ELSIF writes AND now_in = 'review' THEN
        RAISE EXCEPTION 'This branch is in review. Reopen it before you change something.' USING ERRCODE = 'PB409';
    END IF;
    PERFORM set_config('app.branch', branch::text, true);
    RETURN branch;
END $$;

-- Puts rows of a branch in their places: those of these kinds, or of them only some. Gives those that the
-- main line has no room for: a value that must be unique is taken. Deletions come in between, because they make room.
CREATE FUNCTION app.branch_apply(branch uuid, kinds text[], only_these uuid[] DEFAULT NULL)
    RETURNS TABLE (relation text, record_id uuid) LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record;
    one uuid;
    columns text[];
    names text;
    statement text;
    late jsonb := '[]';
    left_over jsonb;
BEGIN
    FOR part IN
        SELECT b.relation, b.kind, b.relation::regclass AS target FROM app.branch_row b
        WHERE b.branch_id = branch AND b.kind = ANY (kinds)
        GROUP BY b.relation, b.kind ORDER BY array_position(ARRAY['update', 'delete', 'create'], b.kind), b.relation
    LOOP
        columns := app.branch_columns(part.target);
        names := (SELECT string_agg(quote_ident(c), ', ') FROM unnest(columns) c);
        IF part.kind = 'update' THEN
            -- Of a row that changed meanwhile only the columns of the branch are replaced.
            statement := format(
                'UPDATE %s t SET (%s, updated_at, version) = (SELECT %s, b.updated_at, t.version + b.edits
                     FROM jsonb_populate_record(t, b.patch) r)
                 FROM app.branch_row b WHERE b.branch_id = $1 AND b.relation = $2 AND b.kind = ''update''
                   AND t.id = b.record_id AND ($3 IS NULL OR b.record_id = ANY ($3))',
                part.target, names, (SELECT string_agg('r.' || quote_ident(c), ', ') FROM unnest(columns) c));
            BEGIN
                EXECUTE statement USING branch, part.relation, only_these;
            EXCEPTION WHEN integrity_constraint_violation THEN
                FOR one IN
                    SELECT b.record_id FROM app.branch_row b
                    WHERE b.branch_id = branch AND b.relation = part.relation AND b.kind = 'update'
                      AND (only_these IS NULL OR b.record_id = ANY (only_these)) ORDER BY b.updated_at, b.record_id
                LOOP
                    BEGIN
                        EXECUTE statement USING branch, part.relation, ARRAY[one];
                    EXCEPTION WHEN integrity_constraint_violation THEN
                        late := late || jsonb_build_object('relation', part.relation, 'id', one, 'statement', statement);
                    END;
                END LOOP;
            END;
        ELSIF part.kind = 'delete' THEN
            EXECUTE format(
                'DELETE FROM %s t USING app.branch_row b WHERE b.branch_id = $1 AND b.relation = $2
                   AND b.kind = ''delete'' AND t.id = b.record_id', part.target)
            USING branch, part.relation;
        ELSE
            statement := format(
                'INSERT INTO %s (id, created_at, updated_at, version, %s)
                 SELECT r.id, CASE WHEN $3 THEN now() ELSE r.created_at END, CASE WHEN $3 THEN now() ELSE b.updated_at END,
                        CASE WHEN $3 THEN 1 ELSE b.edits END, %s
                 FROM app.branch_row b CROSS JOIN LATERAL jsonb_populate_record(NULL::%1$s, b.patch) r
                 WHERE b.branch_id = $1 AND b.relation = $2 AND b.kind = ''create'' ORDER BY b.record_id
                 ON CONFLICT DO NOTHING',
                part.target, names, (SELECT string_agg('r.' || quote_ident(c), ', ') FROM unnest(columns) c));
            EXECUTE statement USING branch, part.relation, app.branch_mode() IS NULL;
            RETURN QUERY EXECUTE format(
                'SELECT b.relation, b.record_id FROM app.branch_row b WHERE b.branch_id = $1 AND b.relation = $2
                   AND b.kind = ''create'' AND NOT EXISTS (SELECT FROM %s t WHERE t.id = b.record_id)', part.target)
            USING branch, part.relation;
        END IF;
    END LOOP;
    FOR left_over IN SELECT * FROM jsonb_array_elements(late) LOOP
        BEGIN
            EXECUTE left_over ->> 'statement'
            USING branch, left_over ->> 'relation', ARRAY[(left_over ->> 'id')::uuid];
        EXCEPTION WHEN integrity_constraint_violation THEN
            relation := left_over ->> 'relation';
            record_id := (left_over ->> 'id')::uuid;
            RETURN NEXT;
        END;
    END LOOP;
END $$;

-- The tables are as the branch has them; what is written from here on is the branch's. Foreign keys are not
-- asked, because the main line may have lost what the branch refers to: that is a conflict to be shown. Who works
-- in a branch gives way early: nobody on the main line is ever the victim of a deadlock with it.
CREATE FUNCTION app.branch_begin() RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM set_config('lock_timeout', '700ms', true), set_config('app.branch_mode', 'apply', true);
    PERFORM app.branch_apply(app.branch_id(), '{update,delete,create}');
    PERFORM set_config('app.branch_mode', 'keep', true);
END $$;

-- Notes what a statement changed. Arguments: columns with secrets, which belong to one record of the main line.
CREATE OR REPLACE FUNCTION app.branch_capture() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    target text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    branch uuid := app.branch_id();
    names text[];
    who text := coalesce(app.actor(), current_user);
BEGIN
    IF TG_NARGS > 0 THEN
        RAISE EXCEPTION 'Records with secrets cannot be changed in a branch. Leave the branch and repeat it.'
            USING ERRCODE = 'PB409', DETAIL = target;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO app.branch_row AS b (branch_id, relation, record_id, kind, patch, actor)
            SELECT branch, target, n.id, 'create', to_jsonb(n), who FROM changed n
            ON CONFLICT (tenant_id, branch_id, relation, record_id) DO UPDATE SET
                kind = CASE b.kind WHEN 'delete' THEN 'update' ELSE 'create' END,
                patch = excluded.patch, edits = b.edits + 1, actor = excluded.actor;
    ELSIF TG_OP = 'UPDATE' THEN
        names := app.branch_columns(TG_RELID::regclass, true);
        INSERT INTO app.branch_row AS b (branch_id, relation, record_id, kind, base, patch, actor)
            SELECT branch, target, n.id, 'update', to_jsonb(o), app.json_changes(to_jsonb(o), to_jsonb(n), names), who
            FROM changed n JOIN former o ON o.id = n.id
            ON CONFLICT (tenant_id, branch_id, relation, record_id) DO UPDATE SET
                base = b.base || app.json_pick(excluded.base, app.json_keys(excluded.patch - app.json_keys(b.patch))),
                patch = b.patch || excluded.patch, edits = b.edits + 1, actor = excluded.actor;
    ELSE
        INSERT INTO app.branch_row AS b (branch_id, relation, record_id, kind, base, actor)
            SELECT branch, target, o.id, 'delete', to_jsonb(o), who FROM former o
            ON CONFLICT (tenant_id, branch_id, relation, record_id) DO UPDATE SET
                kind = CASE b.kind WHEN 'create' THEN 'none' ELSE 'delete' END,
                patch = NULL, edits = b.edits + 1, actor = excluded.actor;
    END IF;
    RETURN NULL;
END $$;

-- What this transaction noted, to be kept after everything else is undone.
CREATE FUNCTION app.branch_noted() RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(json_agg(json_build_object(
            'relation', b.relation, 'record_id', b.record_id, 'kind', b.kind, 'base', b.base, 'patch', b.patch,
            'edits', b.edits, 'actor', b.actor)), '[]')::text
    FROM app.branch_row b WHERE b.branch_id = app.branch_id() AND b.updated_at = now()
$$;

-- Keeps it. A change that was taken back is none.
CREATE FUNCTION app.branch_keep(noted json) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO app.branch_row AS b (branch_id, relation, record_id, kind, base, patch, edits, actor)
        SELECT app.branch_id(), r.relation, r.record_id, r.kind, r.base,
               CASE r.kind WHEN 'update' THEN app.json_changes(r.base, r.patch, app.json_keys(r.patch)) ELSE r.patch END,
               r.edits, r.actor
        FROM json_to_recordset(noted) AS r (relation text, record_id uuid, kind text, base jsonb, patch jsonb, edits bigint, actor text)
        ON CONFLICT (tenant_id, branch_id, relation, record_id) DO UPDATE SET
            kind = excluded.kind, base = excluded.base, patch = excluded.patch, edits = excluded.edits,
            actor = excluded.actor;
    DELETE FROM app.branch_row b
        WHERE b.branch_id = app.branch_id() AND b.updated_at = now()
          AND (b.kind = 'none' OR b.kind = 'update' AND b.patch = '{}');
END $$;

-- ---------------------------------------------------------------------------------------------
-- A branch against the main line.

-- What both changed since: columns, records that the main line deleted, and those that it changed and the
-- branch deletes.
CREATE FUNCTION app.branch_conflicts(branch uuid)
    RETURNS TABLE (relation text, record_id uuid, code text, columns text[]) LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT DISTINCT b.relation, b.relation::regclass AS target FROM app.branch_row b
        WHERE b.branch_id = branch AND b.kind IN ('update', 'delete') ORDER BY 1
    LOOP
        RETURN QUERY EXECUTE format(
            'SELECT b.relation, b.record_id,
                    CASE WHEN t.id IS NULL THEN ''deleted'' WHEN b.kind = ''delete'' THEN ''changed-deleted'' ELSE ''changed'' END,
                    k.names
             FROM app.branch_row b LEFT JOIN %s t ON t.id = b.record_id
             CROSS JOIN LATERAL (SELECT CASE WHEN t.id IS NULL THEN NULL ELSE to_jsonb(t) END AS main) m
             CROSS JOIN LATERAL (
                 SELECT array_agg(p.key) AS names FROM jsonb_each(b.patch) p
                 WHERE (m.main -> p.key) IS DISTINCT FROM (b.base -> p.key)
                   AND (m.main -> p.key) IS DISTINCT FROM p.value) k
             WHERE b.branch_id = $1 AND b.relation = $2
               AND CASE b.kind WHEN ''update'' THEN t.id IS NULL OR k.names IS NOT NULL
                               WHEN ''delete'' THEN t.id IS NOT NULL AND t.version <> (b.base ->> ''version'')::bigint
                               ELSE false END
             ORDER BY b.record_id', part.target)
        USING branch, part.relation;
    END LOOP;
END $$;

-- Decides about a record: the branch's side stays as it is (`mine`), or gives way to the main line. False
-- when there is nothing to decide.
CREATE FUNCTION app.branch_resolve(branch uuid, target text, record uuid, mine boolean, names text[]) RETURNS boolean
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry app.branch_row;
    main jsonb;
    rest jsonb;
BEGIN
    SELECT * INTO entry FROM app.branch_row b
        WHERE b.branch_id = branch AND b.relation = target AND b.record_id = record FOR UPDATE;
    IF NOT FOUND OR (mine AND entry.kind = 'create') THEN
        RETURN false;
    END IF;
    EXECUTE format('SELECT to_jsonb(t) FROM %s t WHERE t.id = $1', target::regclass) INTO main USING record;
    IF NOT mine AND (entry.kind <> 'update' OR main IS NULL) THEN
        DELETE FROM app.branch_row b WHERE b.id = entry.id;
    ELSIF NOT mine THEN
        -- With the columns that are generated from them.
        rest := entry.patch - coalesce(
            names || (SELECT array_agg(n || '_ci') || array_agg(n || '_host') FROM unnest(names) n),
            app.json_keys(entry.patch));
        IF rest = '{}' THEN
            DELETE FROM app.branch_row b WHERE b.id = entry.id;
        ELSE
            UPDATE app.branch_row b SET patch = rest WHERE b.id = entry.id;
        END IF;
    ELSIF main IS NULL THEN
        UPDATE app.branch_row b SET kind = 'create', patch = b.base || b.patch, base = NULL
            WHERE b.id = entry.id AND b.kind = 'update';
    ELSE
        UPDATE app.branch_row b SET base = CASE b.kind WHEN 'delete' THEN main
                ELSE b.base || app.json_pick(main, coalesce(names, app.json_keys(b.patch))) END
            WHERE b.id = entry.id;
    END IF;
    RETURN true;
END $$;

-- Drops from a branch what the main line has already. Gives how many records left it.
CREATE FUNCTION app.branch_sync(branch uuid) RETURNS bigint LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record;
    done bigint;
    dropped bigint := 0;
BEGIN
    FOR part IN
        SELECT DISTINCT b.relation, b.relation::regclass AS target FROM app.branch_row b
        WHERE b.branch_id = branch AND b.kind IN ('update', 'delete') ORDER BY 1
    LOOP
        EXECUTE format(
            'UPDATE app.branch_row b SET patch = app.json_changes(to_jsonb(t), b.patch, app.json_keys(b.patch))
             FROM %s t WHERE b.branch_id = $1 AND b.relation = $2 AND b.kind = ''update'' AND t.id = b.record_id
               AND b.patch <> app.json_changes(to_jsonb(t), b.patch, app.json_keys(b.patch))', part.target)
        USING branch, part.relation;
        EXECUTE format(
            'DELETE FROM app.branch_row b WHERE b.branch_id = $1 AND b.relation = $2 AND (b.patch = ''{}''
               OR b.kind = ''delete'' AND NOT EXISTS (SELECT FROM %s t WHERE t.id = b.record_id))', part.target)
        USING branch, part.relation;
        GET DIAGNOSTICS done = ROW_COUNT;
        dropped := dropped + done;
    END LOOP;
    RETURN dropped;
END $$;
