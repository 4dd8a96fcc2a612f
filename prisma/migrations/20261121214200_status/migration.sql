-- CreateTable
CREATE TABLE "status_page" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL DEFAULT 'Status',
    "time_zone" TEXT NOT NULL DEFAULT 'Etc/UTC',
    "url" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3),

    CONSTRAINT "status_page_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "status_page_one_row" CHECK ("id" = 1)
);
INSERT INTO "status_page" ("id") VALUES (1);

-- CreateTable
CREATE TABLE "status_component" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "position" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'operational',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "status_component_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_component_change" (
    "id" SERIAL NOT NULL,
    "component_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "from_state" TEXT NOT NULL,
    "to_state" TEXT NOT NULL,
    "cause" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "status_component_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public_incident" (
    "id" TEXT NOT NULL,
    "incident_id" UUID,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "impact" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "monitoring_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "next_update_at" TIMESTAMPTZ(3),
    "words" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "public_incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "public_update" (
    "id" TEXT NOT NULL,
    "incident_id" TEXT,
    "maintenance_id" TEXT,
    "publication_id" UUID,
    "status" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "components" JSONB NOT NULL DEFAULT '[]',
    "corrects" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "is_emergency" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "public_update_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maintenance" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "body" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL,
    "scheduled_for" TIMESTAMPTZ(3) NOT NULL,
    "scheduled_until" TIMESTAMPTZ(3) NOT NULL,
    "component_ids" JSONB NOT NULL DEFAULT '[]',
    "is_automatic" BOOLEAN NOT NULL DEFAULT true,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "maintenance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_export" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "sealed" TEXT,
    "is_on" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "last_at" TIMESTAMPTZ(3),
    "last_ok_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "last_sequence" INTEGER,
    "last_files" INTEGER,
    "last_bytes" INTEGER,

    CONSTRAINT "status_export_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "status_component_change_component_id_at_idx" ON "status_component_change"("component_id", "at");

-- CreateIndex
CREATE INDEX "status_component_change_at_idx" ON "status_component_change"("at");

-- CreateIndex
CREATE UNIQUE INDEX "public_incident_incident_id_key" ON "public_incident"("incident_id");

-- CreateIndex
CREATE INDEX "public_incident_resolved_at_idx" ON "public_incident"("resolved_at");

-- CreateIndex
CREATE UNIQUE INDEX "public_update_publication_id_key" ON "public_update"("publication_id");

-- CreateIndex
CREATE INDEX "public_update_incident_id_at_idx" ON "public_update"("incident_id", "at");

-- CreateIndex
CREATE INDEX "public_update_maintenance_id_at_idx" ON "public_update"("maintenance_id", "at");

-- CreateIndex
CREATE INDEX "maintenance_status_scheduled_for_idx" ON "maintenance"("status", "scheduled_for");
