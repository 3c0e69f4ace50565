-- The scheduler looks for what is due in all tenants; it changes schedules in theirs.
CREATE INDEX job_schedule_due ON app.job_schedule (next_at) WHERE enabled;
CREATE POLICY relay ON app.job_schedule FOR SELECT TO portolan_relay USING (true);
GRANT SELECT ON app.job_schedule TO portolan_relay;
