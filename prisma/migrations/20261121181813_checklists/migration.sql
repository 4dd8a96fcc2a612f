-- CreateTable
CREATE TABLE "incident_checklist" (
    "incident_id" UUID NOT NULL,
    "list" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_by" TEXT NOT NULL,

    CONSTRAINT "incident_checklist_pkey" PRIMARY KEY ("incident_id","list")
);

-- CreateTable
CREATE TABLE "checklist_event" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "list" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checklist_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "checklist_event_incident_id_list_idx" ON "checklist_event"("incident_id", "list");
