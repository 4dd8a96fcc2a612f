-- Postmortems: a frozen record, what people wrote upon it, and every text that it ever held.
CREATE TABLE "postmortem" (
  "id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "incident_id" UUID,
  "title" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'draft',
  "severity" TEXT NOT NULL,
  "visibility" TEXT NOT NULL DEFAULT 'internal',
  "leaf_ids" JSONB NOT NULL,
  "component_ids" JSONB NOT NULL,
  "tags" JSONB NOT NULL DEFAULT '[]',
  "record" JSONB NOT NULL,
  "corrections" JSONB NOT NULL DEFAULT '[]',
  "version" INTEGER NOT NULL DEFAULT 1,
  "approved_version" INTEGER,
  "approved_hash" TEXT,
  "is_drill" BOOLEAN NOT NULL DEFAULT false,
  "origin" TEXT NOT NULL DEFAULT '',
  "created_by" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  "published_at" TIMESTAMPTZ(3),
  "closed_at" TIMESTAMPTZ(3),
  CONSTRAINT "postmortem_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "postmortem_number_key" ON "postmortem" ("number");
CREATE UNIQUE INDEX "postmortem_incident_id_key" ON "postmortem" ("incident_id");
CREATE INDEX "postmortem_state_updated_at_idx" ON "postmortem" ("state", "updated_at");
CREATE INDEX "postmortem_created_at_idx" ON "postmortem" ("created_at");
ALTER TABLE "postmortem" ADD CONSTRAINT "postmortem_incident_id_fkey"
  FOREIGN KEY ("incident_id") REFERENCES "incident" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "postmortem_section" (
  "postmortem_id" UUID NOT NULL,
  "key" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  "edited_by" TEXT NOT NULL,
  "edited_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "postmortem_section_pkey" PRIMARY KEY ("postmortem_id", "key")
);

CREATE TABLE "postmortem_revision" (
  "postmortem_id" UUID NOT NULL,
  "seq" INTEGER NOT NULL,
  "section" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "author" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "postmortem_revision_pkey" PRIMARY KEY ("postmortem_id", "seq")
);
CREATE INDEX "postmortem_revision_postmortem_id_section_seq_idx"
  ON "postmortem_revision" ("postmortem_id", "section", "seq");

-- What was once written stays: revisions are append-only.
CREATE FUNCTION postmortem_revision_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'postmortem_revision is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER postmortem_revision_no_change BEFORE UPDATE OR DELETE ON "postmortem_revision"
  FOR EACH ROW EXECUTE FUNCTION postmortem_revision_refuse_change();
ALTER TABLE "postmortem_revision" ENABLE ALWAYS TRIGGER postmortem_revision_no_change;
