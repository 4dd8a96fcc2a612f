-- CreateTable
CREATE TABLE "publication" (
    "id" UUID NOT NULL,
    "incident_id" UUID,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "draft_body" TEXT NOT NULL,
    "next_update_at" TIMESTAMPTZ(3),
    "components" JSONB NOT NULL,
    "facts" JSONB NOT NULL,
    "channel_ids" JSONB NOT NULL,
    "findings" JSONB NOT NULL,
    "lint_version" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "hold_until" TIMESTAMPTZ(3),
    "author_id" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "approved_by" TEXT,
    "approved_hash" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "released_at" TIMESTAMPTZ(3),
    "ended_by" TEXT NOT NULL DEFAULT '',
    "ended_note" TEXT NOT NULL DEFAULT '',
    "corrects" UUID,
    "drill" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "publication_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "publication_incident_id_seq_key" ON "publication"("incident_id", "seq");

-- CreateIndex
CREATE INDEX "publication_state_hold_until_idx" ON "publication"("state", "hold_until");
