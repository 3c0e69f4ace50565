-- The catalogue audit. Each part finds one kind of fault; no rows = good.
WITH space AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
), relation AS (
    SELECT c.oid, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relacl,
           c.relispartition, s.nspname, c.relname, format('%I.%I', s.nspname, c.relname) AS name,
           EXISTS (SELECT FROM app.global_table g
                   WHERE g.table_schema = s.nspname AND g.table_name = c.relname) AS global,
           (SELECT a.attnum FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS tenant_column
    FROM pg_class c JOIN space s ON s.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
), plain AS (
    SELECT * FROM relation WHERE relkind IN ('r', 'p')
), tenant_table AS (
    SELECT * FROM plain WHERE NOT global
), runtime AS (
    SELECT oid, rolname FROM pg_roles WHERE rolname IN ('portolan_app', 'portolan_relay')
), canonical AS (
    SELECT '(tenant_id = ( SELECT app.tenant_id() AS tenant_id))'::text AS expression
)

SELECT 'tenant-column' AS code, name AS object,
       'needs a column tenant_id uuid NOT NULL, or registration by app.make_global_table' AS detail
FROM tenant_table t
WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = t.tenant_column
                  AND a.attnotnull AND a.atttypid = 'uuid'::regtype)

UNION ALL
SELECT 'not-registered', name, 'call app.make_tenant_table in its migration' FROM tenant_table t
WHERE NOT relispartition AND NOT EXISTS (
    SELECT FROM app.tenant_table r WHERE r.table_schema = t.nspname AND r.table_name = t.relname)

UNION ALL
SELECT 'row-security', name, 'row security must be enabled and forced' FROM tenant_table
WHERE NOT (relrowsecurity AND relforcerowsecurity)

UNION ALL
SELECT 'policy-missing', name, 'no policy tenant_isolation for portolan_app with the canonical text'
FROM tenant_table t, canonical
WHERE NOT relispartition AND NOT EXISTS (
    SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polpermissive AND p.polcmd = '*'
      AND p.polroles = ARRAY[(SELECT oid FROM runtime WHERE rolname = 'portolan_app')]
      AND pg_get_expr(p.polqual, p.polrelid) = expression
      AND pg_get_expr(p.polwithcheck, p.polrelid) = expression)

UNION ALL
SELECT 'policy-extra', format('%s: %I', t.name, p.polname), 'a second permissive policy widens access'
FROM tenant_table t JOIN pg_policy p ON p.polrelid = t.oid, canonical
WHERE p.polpermissive AND (
    0 = ANY (p.polroles)
    OR ((SELECT oid FROM runtime WHERE rolname = 'portolan_app') = ANY (p.polroles)
        AND pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM expression))

UNION ALL
-- The relay may see the event log, its bookkeeping and the job queue with its schedules across tenants, nothing else.
SELECT 'policy-relay', format('%s: %I', t.name, p.polname), 'the relay role has no business here'
FROM tenant_table t JOIN pg_policy p ON p.polrelid = t.oid
WHERE (SELECT oid FROM runtime WHERE rolname = 'portolan_relay') = ANY (p.polroles)
  AND t.name NOT IN ('app.event', 'app.event_failure', 'app.job', 'app.job_schedule')

UNION ALL
SELECT 'foreign-key', format('%s: %I', t.name, c.conname), 'must pair tenant_id with tenant_id'
FROM pg_constraint c
JOIN tenant_table t ON t.oid = c.conrelid
JOIN tenant_table f ON f.oid = c.confrelid
WHERE c.contype = 'f' AND NOT EXISTS (
    SELECT FROM unnest(c.conkey, c.confkey) AS pair (here, there)
    WHERE pair.here = t.tenant_column AND pair.there = f.tenant_column)

UNION ALL
SELECT 'set-null', format('%s: %I', t.name, c.conname), 'ON DELETE SET NULL must name its columns without tenant_id'
FROM pg_constraint c JOIN tenant_table t ON t.oid = c.conrelid
WHERE c.contype = 'f' AND c.confdeltype = 'n' AND t.tenant_column = ANY (c.conkey)
  AND (c.confdelsetcols IS NULL OR t.tenant_column = ANY (c.confdelsetcols))

UNION ALL
SELECT 'unique', i.indexrelid::regclass::text, 'a unique index must contain tenant_id'
FROM pg_index i JOIN tenant_table t ON t.oid = i.indrelid
WHERE i.indisunique AND t.tenant_column <> ALL (i.indkey::int2[])

UNION ALL
-- Exempt: what the relay reads across tenants, what a delete by age reads, and keys that are of one
-- tenant by themselves.
SELECT 'index', i.indexrelid::regclass::text, 'an index must lead with tenant_id'
FROM pg_index i JOIN tenant_table t ON t.oid = i.indrelid
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
WHERE i.indkey[0] <> t.tenant_column AND m.amname <> 'brin'
  AND c.relname NOT IN ('event_position', 'event_age', 'event_failure_due', 'job_claim', 'job_running', 'job_age',
                        'job_schedule_due', 'search_entry_grams')

UNION ALL
SELECT 'view', name, 'needs security_invoker = true' FROM relation
WHERE relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)

UNION ALL
SELECT 'materialized-view', name, 'knows no row security and must not be readable by runtime roles'
FROM relation, runtime WHERE relkind = 'm' AND has_table_privilege(runtime.oid, relation.oid, 'SELECT')

UNION ALL
SELECT 'partition', name, 'is readable directly' FROM plain, runtime
WHERE relispartition AND has_table_privilege(runtime.oid, plain.oid, 'SELECT')

UNION ALL
SELECT 'privilege', format('%s: %s may %s', name, rolname, verb), 'not for a runtime role'
FROM relation, runtime, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) verb
WHERE has_table_privilege(runtime.oid, relation.oid, verb)

UNION ALL
SELECT 'global-writable', format('%s: %s may %s', name, rolname, verb), 'a global table is read only for runtime roles'
FROM plain, runtime, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) verb
WHERE global AND has_table_privilege(runtime.oid, plain.oid, verb)
  AND NOT (rolname = 'portolan_relay' AND name = 'app.consumer')

UNION ALL
SELECT 'global-tenant', format('%s: %s', name, rolname),
       'a global table that names tenants must not be readable by a runtime role: app.make_definer_table'
FROM plain, runtime
WHERE global AND tenant_column IS NOT NULL AND has_table_privilege(runtime.oid, plain.oid, 'SELECT')

UNION ALL
SELECT 'public', name, 'has grants to PUBLIC' FROM relation
WHERE EXISTS (SELECT FROM aclexplode(relacl) a WHERE a.grantee = 0)

UNION ALL
SELECT 'owner', name, format('belongs to %s instead of portolan_owner', pg_get_userbyid(relowner)) FROM relation
WHERE relowner <> (SELECT oid FROM pg_roles WHERE rolname = 'portolan_owner')

UNION ALL
SELECT 'function-owner', p.oid::regprocedure::text, 'belongs to ' || pg_get_userbyid(p.proowner)
FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
WHERE pg_get_userbyid(p.proowner) <> CASE WHEN p.prosecdef THEN 'portolan_definer' ELSE 'portolan_owner' END
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')

UNION ALL
SELECT 'definer', p.oid::regprocedure::text,
       'a SECURITY DEFINER function needs app.allow_definer, a fixed search_path and no EXECUTE for PUBLIC'
FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
WHERE p.prosecdef AND (
    NOT EXISTS (SELECT FROM app.definer_function f WHERE to_regprocedure(f.signature) = p.oid)
    OR NOT EXISTS (SELECT FROM unnest(p.proconfig) setting WHERE setting LIKE 'search_path=%pg_temp')
    OR p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))

UNION ALL
SELECT 'sequence', c.oid::regclass::text, format('%s may use it and see the volume of others', rolname)
FROM pg_class c JOIN space s ON s.oid = c.relnamespace, runtime
WHERE CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(runtime.oid, c.oid, 'USAGE') ELSE false END

UNION ALL
SELECT 'role', rolname, 'must not be superuser, bypass row security, create roles or databases, or replicate'
FROM pg_roles
WHERE rolname LIKE 'portolan\_%' AND rolname <> 'portolan_cluster'
  AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)

UNION ALL
SELECT 'member', rolname, 'is a member of ' || pg_get_userbyid(m.roleid)
FROM pg_auth_members m JOIN runtime ON runtime.oid = m.member

ORDER BY 1, 2
