-- CreateTable
CREATE TABLE "triage_forest" (
    "hash" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "triage_forest_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "triage_run" (
    "id" UUID NOT NULL,
    "incident_id" UUID,
    "forest_hash" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "started_by" TEXT NOT NULL,
    "diagnosed_at" TIMESTAMPTZ(3),
    "first_at" TIMESTAMPTZ(3),
    "diagnosis" JSONB,
    "memory" JSONB NOT NULL DEFAULT '{}',
    "told" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "triage_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "triage_override" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "question" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "triage_override_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "triage_change" (
    "id" BIGSERIAL NOT NULL,
    "run_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "question" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "detail" TEXT NOT NULL,

    CONSTRAINT "triage_change_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "triage_run_incident_id_key" ON "triage_run"("incident_id");

-- CreateIndex
CREATE INDEX "triage_override_run_id_ended_at_idx" ON "triage_override"("run_id", "ended_at");

-- One answer of a person stands for a question at a time.
CREATE UNIQUE INDEX "triage_override_standing" ON "triage_override"("run_id", "question") WHERE "ended_at" IS NULL;

-- CreateIndex
CREATE INDEX "triage_change_run_id_id_idx" ON "triage_change"("run_id", "id");
