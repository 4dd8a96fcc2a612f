CREATE TABLE "migration" (
  "id" UUID NOT NULL,
  "number" SERIAL NOT NULL,
  "title" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "from_provider" TEXT NOT NULL,
  "to_provider" TEXT NOT NULL,
  "is_rehearsal" BOOLEAN NOT NULL DEFAULT false,
  "state" TEXT NOT NULL,
  "state_since" TIMESTAMPTZ(3) NOT NULL,
  "shifted_since" TIMESTAMPTZ(3),
  "version" INTEGER NOT NULL DEFAULT 1,
  "flag_key" TEXT NOT NULL,
  "policy" JSONB NOT NULL,
  "inventory" JSONB,
  "plan" JSONB NOT NULL,
  "rollback" JSONB,
  "created_by_id" TEXT NOT NULL,
  "created_by" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "migration_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "migration_number_key" ON "migration"("number");
CREATE UNIQUE INDEX "migration_flag_key_key" ON "migration"("flag_key");
CREATE INDEX "migration_state_idx" ON "migration"("state");

CREATE TABLE "migration_event" (
  "migration_id" UUID NOT NULL,
  "seq" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "by" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "percent" DOUBLE PRECISION NOT NULL,
  "words" TEXT NOT NULL,
  "detail" JSONB NOT NULL,
  CONSTRAINT "migration_event_pkey" PRIMARY KEY ("migration_id", "seq")
);

CREATE TABLE "migration_tick" (
  "migration_id" UUID NOT NULL,
  "item" TEXT NOT NULL,
  "by" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "evidence" TEXT NOT NULL,
  CONSTRAINT "migration_tick_pkey" PRIMARY KEY ("migration_id", "item")
);

CREATE TABLE "migration_approval" (
  "migration_id" UUID NOT NULL,
  "gate" TEXT NOT NULL,
  "slot" TEXT NOT NULL,
  "person_id" TEXT NOT NULL,
  "person" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "comment" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "migration_approval_pkey" PRIMARY KEY ("migration_id", "gate", "slot")
);

CREATE TABLE "migration_part" (
  "migration_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "why" TEXT NOT NULL DEFAULT '',
  "expected_rows" INTEGER,
  "cursor" TEXT NOT NULL DEFAULT '',
  "batches" INTEGER NOT NULL DEFAULT 0,
  "good_rows" INTEGER NOT NULL DEFAULT 0,
  "bad_rows" INTEGER NOT NULL DEFAULT 0,
  "failed_run" INTEGER NOT NULL DEFAULT 0,
  "tolerated" DOUBLE PRECISION,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "migration_part_pkey" PRIMARY KEY ("migration_id", "name")
);

CREATE TABLE "migration_batch" (
  "migration_id" UUID NOT NULL,
  "part" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "cursor_to" TEXT NOT NULL,
  "good" INTEGER NOT NULL,
  "bad" INTEGER NOT NULL,
  "problem" TEXT NOT NULL DEFAULT '',
  "digest" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "by" TEXT NOT NULL,
  CONSTRAINT "migration_batch_pkey" PRIMARY KEY ("migration_id", "part", "seq")
);

CREATE TABLE "migration_quarantine" (
  "migration_id" UUID NOT NULL,
  "part" TEXT NOT NULL,
  "source_key" TEXT NOT NULL,
  "row_version" TEXT NOT NULL DEFAULT '',
  "class" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "settled_at" TIMESTAMPTZ(3),
  "settled_by" TEXT NOT NULL DEFAULT '',
  "note" TEXT NOT NULL DEFAULT '',
  CONSTRAINT "migration_quarantine_pkey" PRIMARY KEY ("migration_id", "part", "source_key")
);
CREATE INDEX "migration_quarantine_migration_id_state_idx" ON "migration_quarantine"("migration_id", "state");

CREATE TABLE "migration_window" (
  "migration_id" UUID NOT NULL,
  "track" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "reporter" TEXT NOT NULL,
  "requests" INTEGER NOT NULL,
  "errors" INTEGER NOT NULL,
  "mismatches" INTEGER NOT NULL,
  "p50_ms" DOUBLE PRECISION,
  "p95_ms" DOUBLE PRECISION,
  "p99_ms" DOUBLE PRECISION,
  "lag_seconds" DOUBLE PRECISION,
  CONSTRAINT "migration_window_pkey" PRIMARY KEY ("migration_id", "track", "at", "reporter")
);

CREATE TABLE "migration_mismatch" (
  "id" BIGSERIAL NOT NULL,
  "migration_id" UUID NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "kind" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "field" TEXT NOT NULL,
  "old_text" TEXT NOT NULL,
  "new_text" TEXT NOT NULL,
  CONSTRAINT "migration_mismatch_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "migration_mismatch_migration_id_id_idx" ON "migration_mismatch"("migration_id", "id");

CREATE TABLE "migration_figure" (
  "migration_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "part" TEXT NOT NULL DEFAULT '',
  "body" JSONB NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "by" TEXT NOT NULL,
  CONSTRAINT "migration_figure_pkey" PRIMARY KEY ("migration_id", "kind", "part")
);

CREATE TABLE "migration_report" (
  "id" UUID NOT NULL,
  "migration_id" UUID NOT NULL,
  "seq" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "by" TEXT NOT NULL,
  "verdict" TEXT NOT NULL,
  "checks" JSONB NOT NULL,
  "hash" TEXT NOT NULL,
  CONSTRAINT "migration_report_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "migration_report_migration_id_seq_key" ON "migration_report"("migration_id", "seq");

CREATE FUNCTION migration_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER migration_event_append_only BEFORE UPDATE OR DELETE ON "migration_event"
  FOR EACH ROW EXECUTE FUNCTION migration_append_only();
CREATE TRIGGER migration_report_append_only BEFORE UPDATE OR DELETE ON "migration_report"
  FOR EACH ROW EXECUTE FUNCTION migration_append_only();
CREATE TRIGGER migration_batch_append_only BEFORE UPDATE OR DELETE ON "migration_batch"
  FOR EACH ROW EXECUTE FUNCTION migration_append_only();
