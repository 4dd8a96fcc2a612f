
-- CreateTable
CREATE TABLE "rollout" (
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "deployment_id" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "policy" JSONB NOT NULL,
    "policy_version" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "core" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "requester_id" TEXT NOT NULL,
    "requester" TEXT NOT NULL,
    "announced_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "look" JSONB,
    "looked_at" TIMESTAMPTZ(3),
    "incident_id" UUID,
    "is_drill" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollout_step" (
    "rollout_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "index" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "percent" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "detail" TEXT NOT NULL,
    "epoch" BIGINT NOT NULL,

    CONSTRAINT "rollout_step_pkey" PRIMARY KEY ("rollout_id","seq")
);

-- CreateTable
CREATE TABLE "rollout_decision" (
    "rollout_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "verb" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "inputs" JSONB NOT NULL,
    "trace" JSONB NOT NULL,
    "input_hash" TEXT NOT NULL,
    "policy_version" TEXT NOT NULL,

    CONSTRAINT "rollout_decision_pkey" PRIMARY KEY ("rollout_id","seq")
);

-- CreateTable
CREATE TABLE "rollout_tick" (
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "track" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "rollout_id" UUID,
    "requests" REAL,
    "error_ratio" REAL,
    "p95" REAL,
    "p99" REAL,
    "health" REAL,
    "memory" REAL,
    "rate_5xx" REAL,
    "rate_429" REAL,
    "rate_auth" REAL,
    "unseen" JSONB,

    CONSTRAINT "rollout_tick_pkey" PRIMARY KEY ("service","environment","track","at")
);

-- CreateTable
CREATE TABLE "rollout_notice" (
    "rollout_id" UUID NOT NULL,
    "slot" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "text" TEXT NOT NULL DEFAULT '',
    "by" TEXT NOT NULL DEFAULT 'rule',
    "channels" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "rollout_notice_pkey" PRIMARY KEY ("rollout_id","slot")
);

-- CreateTable
CREATE TABLE "service_hold" (
    "id" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "rollout_id" UUID,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "lifted_reason" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "service_hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "image_promotion" (
    "id" UUID NOT NULL,
    "image" TEXT NOT NULL,
    "from_tag" TEXT,
    "to_tag" TEXT NOT NULL,
    "from_digest" TEXT,
    "to_digest" TEXT NOT NULL,
    "rollout_id" UUID,
    "state" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "is_index" BOOLEAN,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "image_promotion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hotfix" (
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "instance" TEXT NOT NULL,
    "files" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "incident_id" UUID,
    "owner_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "commit" TEXT NOT NULL DEFAULT '',
    "digest" TEXT NOT NULL DEFAULT '',
    "deployment_number" INTEGER,
    "waived_by" TEXT,
    "waived_reason" TEXT NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ(3),
    "called_at" TIMESTAMPTZ(3),

    CONSTRAINT "hotfix_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hotfix_event" (
    "hotfix_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "words" TEXT NOT NULL,

    CONSTRAINT "hotfix_event_pkey" PRIMARY KEY ("hotfix_id","seq")
);

-- CreateTable
CREATE TABLE "reliability_entry" (
    "rollout_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "entry" JSONB NOT NULL,

    CONSTRAINT "reliability_entry_pkey" PRIMARY KEY ("rollout_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "rollout_number_key" ON "rollout"("number");

-- CreateIndex
CREATE UNIQUE INDEX "rollout_deployment_id_key" ON "rollout"("deployment_id");

-- CreateIndex
CREATE INDEX "rollout_state_idx" ON "rollout"("state");

-- CreateIndex
CREATE INDEX "rollout_service_environment_started_at_idx" ON "rollout"("service", "environment", "started_at");

-- CreateIndex
CREATE INDEX "rollout_tick_rollout_id_at_idx" ON "rollout_tick"("rollout_id", "at");

-- CreateIndex
CREATE INDEX "service_hold_service_environment_digest_idx" ON "service_hold"("service", "environment", "digest");

-- CreateIndex
CREATE INDEX "image_promotion_image_to_tag_at_idx" ON "image_promotion"("image", "to_tag", "at");

-- CreateIndex
CREATE UNIQUE INDEX "hotfix_number_key" ON "hotfix"("number");

-- CreateIndex
CREATE INDEX "hotfix_service_environment_state_idx" ON "hotfix"("service", "environment", "state");

-- CreateIndex
CREATE UNIQUE INDEX "reliability_entry_number_key" ON "reliability_entry"("number");

-- CreateIndex
CREATE INDEX "reliability_entry_at_idx" ON "reliability_entry"("at");



-- One rollout at a time for a service and environment.
CREATE UNIQUE INDEX "rollout_one_running" ON "rollout"("service", "environment")
  WHERE "state" NOT IN ('succeeded', 'rolled_back', 'failed', 'cancelled');
-- One hold for a digest at a time.
CREATE UNIQUE INDEX "service_hold_open" ON "service_hold"("service", "environment", "digest") WHERE "lifted_at" IS NULL;
CREATE SEQUENCE "hotfix_number";

CREATE FUNCTION rollout_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$ LANGUAGE plpgsql;

CREATE TRIGGER rollout_step_no_change BEFORE UPDATE OR DELETE ON "rollout_step"
  FOR EACH ROW EXECUTE FUNCTION rollout_append_only();
CREATE TRIGGER rollout_decision_no_change BEFORE UPDATE OR DELETE ON "rollout_decision"
  FOR EACH ROW EXECUTE FUNCTION rollout_append_only();
CREATE TRIGGER hotfix_event_no_change BEFORE UPDATE OR DELETE ON "hotfix_event"
  FOR EACH ROW EXECUTE FUNCTION rollout_append_only();
CREATE TRIGGER reliability_entry_no_change BEFORE UPDATE OR DELETE ON "reliability_entry"
  FOR EACH ROW EXECUTE FUNCTION rollout_append_only();
