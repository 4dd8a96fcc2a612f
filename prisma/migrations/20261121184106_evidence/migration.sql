-- CreateTable
CREATE TABLE "evidence_bundle" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "step" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "done_at" TIMESTAMPTZ(3),
    "problem" TEXT NOT NULL DEFAULT '',
    "filename" TEXT NOT NULL DEFAULT '',
    "size_bytes" INTEGER NOT NULL DEFAULT 0,
    "files" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "archive_sha256" TEXT NOT NULL DEFAULT '',
    "manifest_sha256" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "evidence_bundle_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence_archive" (
    "bundle_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "body" BYTEA NOT NULL,

    CONSTRAINT "evidence_archive_pkey" PRIMARY KEY ("bundle_id")
);

-- CreateIndex
CREATE INDEX "evidence_bundle_incident_id_asked_at_idx" ON "evidence_bundle"("incident_id", "asked_at");

-- CreateIndex
CREATE INDEX "evidence_bundle_state_idx" ON "evidence_bundle"("state");

-- CreateIndex
CREATE INDEX "evidence_archive_at_idx" ON "evidence_archive"("at");

-- One bundle of an incident is built at a time.
CREATE UNIQUE INDEX "evidence_bundle_under_way" ON "evidence_bundle"("incident_id") WHERE "state" IN ('queued', 'building');
