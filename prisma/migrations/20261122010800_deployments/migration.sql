-- CreateTable
CREATE TABLE "deployment" (
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL,
    "state_why" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "requester_id" TEXT NOT NULL,
    "requester" TEXT NOT NULL,
    "origin" TEXT NOT NULL DEFAULT 'person',
    "planned_start_at" TIMESTAMPTZ(3) NOT NULL,
    "window_end_at" TIMESTAMPTZ(3) NOT NULL,
    "planned_minutes" INTEGER NOT NULL,
    "superseded_by" UUID,
    "hold_until" TIMESTAMPTZ(3),
    "measured" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),
    "approved_at" TIMESTAMPTZ(3),
    "announced_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "is_drill" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_revision" (
    "deployment_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "plan" JSONB NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "changed" JSONB NOT NULL,
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deployment_revision_pkey" PRIMARY KEY ("deployment_id","revision")
);

-- CreateTable
CREATE TABLE "deployment_approval" (
    "id" UUID NOT NULL,
    "deployment_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "word" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "proof" TEXT NOT NULL,
    "when_met" TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_why" JSONB,

    CONSTRAINT "deployment_approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_check" (
    "deployment_id" UUID NOT NULL,
    "item" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "link" TEXT NOT NULL DEFAULT '',
    "evidence" JSONB NOT NULL,
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "fresh_until" TIMESTAMPTZ(3),
    "digest" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "deployment_check_pkey" PRIMARY KEY ("deployment_id","item")
);

-- CreateTable
CREATE TABLE "deployment_override" (
    "id" UUID NOT NULL,
    "deployment_id" UUID NOT NULL,
    "rule_ids" TEXT[],
    "reason" TEXT NOT NULL,
    "link" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "asked_by_id" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "is_solo" BOOLEAN NOT NULL DEFAULT false,
    "second_id" TEXT,
    "second" TEXT,
    "active_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),
    "review_due_at" TIMESTAMPTZ(3),
    "reviewed_by" TEXT,
    "reviewed_at" TIMESTAMPTZ(3),
    "review_note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "deployment_override_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_event" (
    "deployment_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "deployment_event_pkey" PRIMARY KEY ("deployment_id","seq")
);

-- CreateTable
CREATE TABLE "deployment_soak" (
    "service" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "signals" JSONB NOT NULL,
    "trouble" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "deployment_soak_pkey" PRIMARY KEY ("service","digest")
);

-- CreateTable
CREATE TABLE "deployment_rehearsal" (
    "id" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "from_digest" TEXT NOT NULL,
    "to_digest" TEXT NOT NULL,
    "is_warm" BOOLEAN NOT NULL,
    "seconds" INTEGER NOT NULL,
    "link" TEXT NOT NULL DEFAULT '',
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deployment_rehearsal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_freeze" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "service" TEXT NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "lifted_why" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "deployment_freeze_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "secret_record" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "every_days" INTEGER NOT NULL DEFAULT 90,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'current',
    "dual_until" TIMESTAMPTZ(3),
    "consumers" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "secret_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "secret_event" (
    "secret_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "words" TEXT NOT NULL,

    CONSTRAINT "secret_event_pkey" PRIMARY KEY ("secret_id","seq")
);

-- CreateTable
CREATE TABLE "sizing_proposal" (
    "id" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "series" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decided_why" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "sizing_proposal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "deployment_number_key" ON "deployment"("number");

-- CreateIndex
CREATE INDEX "deployment_state_planned_start_at_idx" ON "deployment"("state", "planned_start_at");

-- CreateIndex
CREATE INDEX "deployment_service_environment_created_at_idx" ON "deployment"("service", "environment", "created_at");

-- CreateIndex
CREATE INDEX "deployment_approval_deployment_id_revision_at_idx" ON "deployment_approval"("deployment_id", "revision", "at");

-- CreateIndex
CREATE INDEX "deployment_override_deployment_id_asked_at_idx" ON "deployment_override"("deployment_id", "asked_at");

-- CreateIndex
CREATE INDEX "deployment_rehearsal_service_environment_at_idx" ON "deployment_rehearsal"("service", "environment", "at");

-- CreateIndex
CREATE INDEX "deployment_freeze_ends_at_lifted_at_idx" ON "deployment_freeze"("ends_at", "lifted_at");

-- CreateIndex
CREATE UNIQUE INDEX "secret_record_name_service_environment_key" ON "secret_record"("name", "service", "environment");

-- CreateIndex
CREATE INDEX "sizing_proposal_state_service_idx" ON "sizing_proposal"("state", "service");



-- One rollout at a time for a service and environment; the lock is taken at the start, not while people decide.
CREATE UNIQUE INDEX "deployment_one_running" ON "deployment"("service", "environment")
  WHERE "state" IN ('progressing', 'paused', 'baking', 'rolling_back', 'rollback_failed');

CREATE SEQUENCE "deployment_number";

CREATE FUNCTION deployment_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$ LANGUAGE plpgsql;

CREATE TRIGGER deployment_event_no_change BEFORE UPDATE OR DELETE ON "deployment_event"
  FOR EACH ROW EXECUTE FUNCTION deployment_append_only();
CREATE TRIGGER deployment_revision_no_change BEFORE UPDATE OR DELETE ON "deployment_revision"
  FOR EACH ROW EXECUTE FUNCTION deployment_append_only();
CREATE TRIGGER secret_event_no_change BEFORE UPDATE OR DELETE ON "secret_event"
  FOR EACH ROW EXECUTE FUNCTION deployment_append_only();
