
-- CreateTable
CREATE TABLE "incident" (
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "drill" BOOLEAN NOT NULL DEFAULT false,
    "drill_speed" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "title" TEXT NOT NULL,
    "impact" TEXT NOT NULL DEFAULT '',
    "severity" TEXT NOT NULL,
    "severity_reason" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "visibility" TEXT NOT NULL,
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_by" TEXT NOT NULL,
    "impact_started_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "policy_hash" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "field_marks" JSONB NOT NULL,
    "next_seq" INTEGER NOT NULL DEFAULT 0,
    "merged_into" UUID,

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_policy" (
    "hash" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incident_policy_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "timeline_event" (
    "incident_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "claimed_at" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "timeline_event_pkey" PRIMARY KEY ("incident_id","seq")
);

-- CreateTable
CREATE TABLE "role_assignment" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "assigned_at" TIMESTAMPTZ(3) NOT NULL,
    "assigned_by" TEXT NOT NULL,
    "offered_to" UUID,
    "offered_to_handle" TEXT,
    "offered_at" TIMESTAMPTZ(3),
    "offered_by" TEXT,
    "offer_pack" TEXT NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "role_assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_task" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "owner_handle" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "added_by" TEXT NOT NULL,
    "acked_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "finished_by" TEXT,
    "outcome" TEXT,
    "result" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "incident_task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_decision" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "proposal" TEXT NOT NULL,
    "objections" TEXT NOT NULL DEFAULT '',
    "outcome" TEXT NOT NULL,
    "executor" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "incident_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence_pin" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "value" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '',
    "url" TEXT NOT NULL DEFAULT '',
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "evidence_pin_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_link" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "incident_link_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "incident_status_declared_at_idx" ON "incident"("status", "declared_at");

-- CreateIndex
CREATE UNIQUE INDEX "incident_drill_number_key" ON "incident"("drill", "number");

-- CreateIndex
CREATE UNIQUE INDEX "timeline_event_id_key" ON "timeline_event"("id");

-- CreateIndex
CREATE INDEX "timeline_event_incident_id_kind_seq_idx" ON "timeline_event"("incident_id", "kind", "seq");

-- CreateIndex
CREATE INDEX "role_assignment_incident_id_ended_at_idx" ON "role_assignment"("incident_id", "ended_at");

-- CreateIndex
CREATE INDEX "role_assignment_offered_to_idx" ON "role_assignment"("offered_to");

-- CreateIndex
CREATE INDEX "incident_task_incident_id_finished_at_idx" ON "incident_task"("incident_id", "finished_at");

-- CreateIndex
CREATE INDEX "incident_decision_incident_id_at_idx" ON "incident_decision"("incident_id", "at");

-- CreateIndex
CREATE INDEX "evidence_pin_incident_id_at_idx" ON "evidence_pin"("incident_id", "at");

-- CreateIndex
CREATE INDEX "incident_link_kind_ref_idx" ON "incident_link"("kind", "ref");

-- CreateIndex
CREATE UNIQUE INDEX "incident_link_incident_id_kind_ref_key" ON "incident_link"("incident_id", "kind", "ref");



-- One holder of each job at a time, and one commander above all; responders may be many, each once.
CREATE UNIQUE INDEX "role_assignment_holder_key" ON "role_assignment"("incident_id", "role")
  WHERE "ended_at" IS NULL AND "role" <> 'responder';
CREATE UNIQUE INDEX "role_assignment_responder_key" ON "role_assignment"("incident_id", "person_id")
  WHERE "ended_at" IS NULL AND "role" = 'responder';

ALTER TABLE "incident" ADD CONSTRAINT "incident_words" CHECK (
  "severity" IN ('P1', 'P2', 'P3', 'P4')
  AND "status" IN ('investigating', 'identified', 'monitoring', 'resolved')
  AND "visibility" IN ('internal', 'public')
  AND "drill_speed" BETWEEN 1 AND 60
  AND ("drill" OR "drill_speed" = 1)
);

-- The record is append-only for everybody, replication roles included (ENABLE ALWAYS).
CREATE FUNCTION timeline_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'timeline_event is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER timeline_event_no_change BEFORE UPDATE OR DELETE ON "timeline_event"
  FOR EACH ROW EXECUTE FUNCTION timeline_event_refuse_change();
CREATE TRIGGER timeline_event_no_truncate BEFORE TRUNCATE ON "timeline_event"
  FOR EACH STATEMENT EXECUTE FUNCTION timeline_event_refuse_change();
ALTER TABLE "timeline_event" ENABLE ALWAYS TRIGGER timeline_event_no_change;
ALTER TABLE "timeline_event" ENABLE ALWAYS TRIGGER timeline_event_no_truncate;
