-- CreateTable
CREATE TABLE "incident_draft" (
    "person_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "writer" UUID NOT NULL,
    "rev" INTEGER NOT NULL,
    "text" TEXT,
    "seen" JSONB NOT NULL,
    "edited_at" TIMESTAMPTZ(3) NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incident_draft_pkey" PRIMARY KEY ("person_id", "key", "writer")
);

-- CreateIndex
CREATE INDEX "incident_draft_saved_at_idx" ON "incident_draft"("saved_at");

-- Who looks is true for seconds only: it need not survive a crash of the database.
CREATE UNLOGGED TABLE "incident_presence" (
    "incident_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "editing" TEXT NOT NULL DEFAULT '',
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incident_presence_pkey" PRIMARY KEY ("incident_id", "person_id")
);
