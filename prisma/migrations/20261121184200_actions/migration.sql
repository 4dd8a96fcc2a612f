CREATE TABLE "action_run" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "leaf" TEXT,
    "action" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "risk" TEXT NOT NULL,
    "executor" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "params" JSONB NOT NULL,
    "plan" JSONB,
    "plan_hash" TEXT NOT NULL,
    "promise" JSONB NOT NULL,
    "dry_run" TEXT NOT NULL DEFAULT '',
    "author_id" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "prepared_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "asked" JSONB,
    "approval" JSONB,
    "break_glass" JSONB,
    "is_break_glass" BOOLEAN NOT NULL DEFAULT false,
    "reviewed_at" TIMESTAMPTZ(3),
    "carried_out_by" TEXT NOT NULL DEFAULT '',
    "sealed_secrets" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "probed_at" TIMESTAMPTZ(3),
    "outcome" TEXT NOT NULL DEFAULT '',
    "output" TEXT NOT NULL DEFAULT '',
    "undoes" UUID,
    "undone_by" UUID,
    "is_drill" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "action_run_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "action_step" (
    "run_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "event" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "epoch" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "action_step_pkey" PRIMARY KEY ("run_id","seq")
);

CREATE TABLE "action_evidence" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "text" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "problem" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "action_evidence_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "action_run_incident_id_prepared_at_idx" ON "action_run"("incident_id", "prepared_at");
CREATE INDEX "action_run_state_idx" ON "action_run"("state");
CREATE INDEX "action_run_is_break_glass_reviewed_at_idx" ON "action_run"("is_break_glass", "reviewed_at");
CREATE INDEX "action_evidence_run_id_idx" ON "action_evidence"("run_id");
CREATE INDEX "action_evidence_incident_id_at_idx" ON "action_evidence"("incident_id", "at");

-- A run is sent at most once: the second row of `send` of one run is refused by the database itself.
CREATE UNIQUE INDEX "action_step_one_send" ON "action_step"("run_id") WHERE "event" = 'send';
CREATE FUNCTION action_step_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'the steps of an action are append-only';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER action_step_no_change BEFORE UPDATE OR DELETE ON "action_step"
  FOR EACH ROW EXECUTE FUNCTION action_step_append_only();
