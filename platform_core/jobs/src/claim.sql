-- $1 kinds, $2 most running per tenant of each, $3 most tries of each, $4 most running per tenant,
-- $5 how many, $6 this server
WITH kind AS (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS k (kind, per_tenant, max_attempts)
), running AS MATERIALIZED (
    SELECT tenant_id, kind, count(*) AS count FROM app.job WHERE state = 'running' GROUP BY tenant_id, kind
), busy AS (
    SELECT tenant_id, sum(count)::bigint AS count FROM running GROUP BY tenant_id
), waiting AS (
    SELECT DISTINCT tenant_id FROM app.job WHERE state IN ('available', 'scheduled', 'retryable')
), candidate AS (
    -- Per tenant and kind at most what its cap leaves, oldest first.
    SELECT w.tenant_id, next.id, k.max_attempts, coalesce(b.count, 0)
           + row_number() OVER (PARTITION BY w.tenant_id ORDER BY next.scheduled_at, next.id) AS place
    FROM waiting w CROSS JOIN kind k
    LEFT JOIN busy b ON b.tenant_id = w.tenant_id
    LEFT JOIN running r ON r.tenant_id = w.tenant_id AND r.kind = k.kind
    CROSS JOIN LATERAL (
        SELECT j.id, j.scheduled_at FROM app.job j
        WHERE j.tenant_id = w.tenant_id AND j.kind = k.kind
          AND j.state IN ('available', 'scheduled', 'retryable') AND j.scheduled_at <= now()
        ORDER BY j.scheduled_at, j.id
        LIMIT least(greatest(k.per_tenant - coalesce(r.count, 0), 0), $5)
    ) next
), chosen AS (
    -- The tenant with the fewest running comes first: round robin.
    SELECT tenant_id, id, max_attempts FROM candidate WHERE place <= $4 ORDER BY place, id LIMIT $5
), locked AS (
    SELECT j.tenant_id, j.id, c.max_attempts FROM app.job j JOIN chosen c USING (tenant_id, id)
    WHERE j.state IN ('available', 'scheduled', 'retryable')
    FOR UPDATE OF j SKIP LOCKED
)
UPDATE app.job j SET state = 'running', attempt = j.attempt + 1, max_attempts = l.max_attempts, run_by = $6,
    started_at = now(), heartbeat_at = now(), error = NULL
FROM locked l WHERE j.tenant_id = l.tenant_id AND j.id = l.id
RETURNING j.tenant_id, j.id, j.kind, j.args, j.attempt, j.created_by, j.request_id
