-- Sightings and what was made of them. Documents and decisions are the record; everything in
-- atlas.part is a projection of them, kept so that ids and first-seen times last.
CREATE SCHEMA IF NOT EXISTS atlas;

-- A thing in its source's own identity. The id is derived from the other three.
CREATE TABLE atlas.subject (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    source     text COLLATE "C" NOT NULL,
    partition  text COLLATE "C" NOT NULL,
    key        text COLLATE "C" NOT NULL,
    method     text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source, partition, key)
);
SELECT app.make_tenant_table('atlas.subject');

-- The latest good document of a subject under one heading.
CREATE TABLE atlas.document (
    tenant_id    uuid        NOT NULL DEFAULT app.tenant_id(),
    id           uuid        NOT NULL,
    subject_id   uuid        NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    body         jsonb       NOT NULL,
    completeness jsonb       NOT NULL,
    ttl_seconds  bigint      NOT NULL,
    valid_from   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    version      bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, subject_id, kind),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES atlas.subject (tenant_id, id) ON DELETE CASCADE
);
SELECT app.make_tenant_table('atlas.document');

-- What a document said before, and in which time that was true.
CREATE TABLE atlas.document_past (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    subject_id uuid        NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    body       jsonb       NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to   timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.document_past', append_only => true);
CREATE INDEX document_past_subject ON atlas.document_past (tenant_id, subject_id, kind, valid_to);

-- Readings that failed since the last good one of their table; kind '' is the subject as a whole.
CREATE TABLE atlas.failure (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    subject_id uuid        NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    declared   bigint,
    read       bigint      NOT NULL,
    reason     jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, subject_id) REFERENCES atlas.subject (tenant_id, id) ON DELETE CASCADE
);
SELECT app.make_tenant_table('atlas.failure');

-- Parts of the map: entities, assignments, memories, links, places. Ids are stable.
CREATE TABLE atlas.part (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    part       text COLLATE "C" NOT NULL CHECK (part IN ('entity', 'assignment', 'memory', 'link', 'place')),
    body       jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.part');

-- One row per tenant: the revision of its map.
CREATE TABLE atlas.revision (
    tenant_id   uuid        NOT NULL DEFAULT app.tenant_id(),
    id          uuid        NOT NULL,
    revision    bigint      NOT NULL,
    fingerprint bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    version     bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.revision');

-- Where people put nodes.
CREATE TABLE atlas.pin (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    x          double precision NOT NULL,
    y          double precision NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.pin');

-- What people decided about identity.
CREATE TABLE atlas.decision (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    kind       text COLLATE "C" NOT NULL CHECK (kind IN ('link', 'unlink')),
    subjects   jsonb       NOT NULL,
    reason     text COLLATE "C" NOT NULL,
    actor      text COLLATE "C" NOT NULL,
    undone_at  timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.decision');

-- What happened to devices and links.
CREATE TABLE atlas.happening (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    entity_id  uuid        NOT NULL,
    at         timestamptz NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    text       text COLLATE "C" NOT NULL,
    before     jsonb,
    after      jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.happening', append_only => true);
CREATE INDEX happening_entity ON atlas.happening (tenant_id, entity_id, at);
