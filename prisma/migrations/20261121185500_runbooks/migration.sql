-- CreateTable
CREATE TABLE "runbook_version" (
    "id" SERIAL NOT NULL,
    "path" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "text_hash" TEXT NOT NULL,
    "base_hash" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "proposed_by_id" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "approved_by_id" TEXT NOT NULL,
    "approved_by" TEXT NOT NULL,
    "proposal_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "runbook_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runbook_proposal" (
    "id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "text_hash" TEXT NOT NULL,
    "base_text" TEXT NOT NULL,
    "base_hash" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "decided_by_id" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "decided_why" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "runbook_proposal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "runbook_version_proposal_id_key" ON "runbook_version"("proposal_id");

-- CreateIndex
CREATE INDEX "runbook_version_path_id_idx" ON "runbook_version"("path", "id");

-- CreateIndex
CREATE INDEX "runbook_proposal_state_path_idx" ON "runbook_proposal"("state", "path");

-- Nobody approves what they wrote themselves, whatever the program says.
ALTER TABLE "runbook_version" ADD CONSTRAINT "runbook_version_two_people"
  CHECK ("kind" = 'caught-up' OR "proposed_by_id" <> "approved_by_id");

-- What was approved stays as it was approved.
CREATE FUNCTION runbook_version_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'runbook_version is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER runbook_version_no_change BEFORE UPDATE OR DELETE ON "runbook_version"
  FOR EACH ROW EXECUTE FUNCTION runbook_version_refuse_change();
CREATE TRIGGER runbook_version_no_truncate BEFORE TRUNCATE ON "runbook_version"
  FOR EACH STATEMENT EXECUTE FUNCTION runbook_version_refuse_change();
ALTER TABLE "runbook_version" ENABLE ALWAYS TRIGGER runbook_version_no_change;
ALTER TABLE "runbook_version" ENABLE ALWAYS TRIGGER runbook_version_no_truncate;

-- In whose record triage named a leaf.
CREATE INDEX "timeline_event_triage" ON "timeline_event"("incident_id") WHERE "kind" = 'triage';
