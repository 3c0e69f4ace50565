-- What records are found by: one row for every searched field that has a value, written in the
-- transaction of the record. Made anew from the records by the job `platform.search_rebuild`.
--
-- rank:    0 what the record is called, 1 what else is its own, 2 prose.
-- folded:  the value in lower case, at most 256 characters.
-- address: the address of one host, or the network, of a value that is one.
-- grams:   hashes of the parts of its words and of its model, each together with the tenant: no two tenants
--          share a key of the index.
CREATE TABLE app.search_entry (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    record_id uuid NOT NULL,
    model text COLLATE "C" NOT NULL,
    field text COLLATE "C" NOT NULL,
    rank smallint NOT NULL,
    folded text COLLATE "C" NOT NULL CHECK (char_length(folded) BETWEEN 1 AND 256),
    address inet,
    grams integer[] NOT NULL,
    PRIMARY KEY (tenant_id, record_id, field)
);
CREATE INDEX search_entry_text ON app.search_entry (tenant_id, rank, model, folded);
CREATE INDEX search_entry_address ON app.search_entry (tenant_id, address) WHERE address IS NOT NULL;
CREATE INDEX search_entry_grams ON app.search_entry USING gin (grams);
SELECT app.isolate_table('app.search_entry', 'record');
SELECT app.definer_reads('app.search_entry');

-- Entries of the tenant that have all the grams. No operator of arrays is leakproof, so that row-level
-- security would keep this from its index: the definer reads instead, and this condition on the tenant
-- is the one that counts. Never by other indexes: they would read all that the tenant has.
CREATE FUNCTION app.search_grams(wanted integer[], models text[], most integer)
    RETURNS TABLE (record_id uuid, model text, field text, rank smallint, folded text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_indexscan = off
AS $$
BEGIN
    -- Planned with the values: how rare a gram is decides how it is found.
    RETURN QUERY EXECUTE
        'SELECT e.record_id, e.model, e.field, e.rank, e.folded FROM app.search_entry e
         WHERE e.tenant_id = (SELECT app.tenant_id()) AND e.grams @> $1 AND e.model = ANY ($2) LIMIT $3'
        USING wanted, models, most;
END $$;
SELECT app.allow_definer('app.search_grams(integer[], text[], integer)');
