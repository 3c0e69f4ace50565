-- The files of image attachments. Beside the records, so that lists never carry them; gone with them.
CREATE TABLE app.image_content (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    -- Of the attachment.
    id uuid NOT NULL,
    bytes bytea NOT NULL CHECK (octet_length(bytes) <= 16777216),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, id) REFERENCES app.image_attachment (tenant_id, id) ON DELETE CASCADE
);
-- Pictures are compressed already.
ALTER TABLE app.image_content ALTER COLUMN bytes SET STORAGE EXTERNAL;
SELECT app.make_tenant_table('app.image_content');
