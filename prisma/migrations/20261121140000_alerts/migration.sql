-- CreateTable
CREATE TABLE "hook_secret" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "sender" TEXT NOT NULL,
    "slot" SMALLINT NOT NULL CHECK ("slot" IN (1, 2)),
    "name" TEXT NOT NULL,
    "digest" TEXT,
    "sealed" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "hook_secret_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "hook_secret_one_form" CHECK (("digest" IS NULL) <> ("sealed" IS NULL))
);

-- CreateTable
CREATE TABLE "hook_inbox" (
    "id" BIGSERIAL NOT NULL,
    "sender" TEXT NOT NULL,
    "delivery_id" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "headers" JSONB NOT NULL,
    "body" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'new',
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "hook_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hook_quarantine" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "inbox_id" BIGINT NOT NULL,
    "sender" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "position" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'held' CHECK ("state" IN ('held', 'redriven', 'dismissed')),
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,

    CONSTRAINT "hook_quarantine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hook_tally" (
    "sender" TEXT NOT NULL,
    "minute_at" TIMESTAMPTZ(0) NOT NULL,
    "outcome" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "hook_tally_pkey" PRIMARY KEY ("sender", "minute_at", "outcome")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "source" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "starts_raw" TEXT NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "ends_raw" TEXT NOT NULL DEFAULT '',
    "since_at" TIMESTAMPTZ(3) NOT NULL,
    "skew" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL CHECK ("status" IN ('firing', 'resolved')),
    "name" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "level" TEXT NOT NULL CHECK ("level" IN ('P1', 'P2', 'P3', 'P4')),
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "link" TEXT NOT NULL DEFAULT '',
    "seen" INTEGER NOT NULL,
    "via" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" TEXT,
    "missing_since" TIMESTAMPTZ(3),
    "silenced_by" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "inhibited" BOOLEAN NOT NULL DEFAULT false,
    "prom_state" TEXT NOT NULL DEFAULT '',
    "policy_hash" TEXT,
    "acked_at" TIMESTAMPTZ(3),
    "acked_by" TEXT,
    "ack_note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_silence" (
    "id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "matchers" JSONB NOT NULL,
    "listed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "alert_silence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_notice" (
    "id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "sentence" TEXT NOT NULL,

    CONSTRAINT "alert_notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_memory" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "alert_memory_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "hook_secret_sender_idx" ON "hook_secret"("sender");
-- Two slots a sender: a third secret in force can't be stored.
CREATE UNIQUE INDEX "hook_secret_slot_key" ON "hook_secret"("sender", "slot") WHERE "revoked_at" IS NULL;
CREATE UNIQUE INDEX "hook_inbox_sender_delivery_id_key" ON "hook_inbox"("sender", "delivery_id");
CREATE INDEX "hook_inbox_received_at_idx" ON "hook_inbox"("received_at");
CREATE INDEX "hook_inbox_new_idx" ON "hook_inbox"("id") WHERE "state" = 'new';
CREATE UNIQUE INDEX "hook_quarantine_inbox_id_position_key" ON "hook_quarantine"("inbox_id", "position");
CREATE INDEX "hook_quarantine_state_received_at_idx" ON "hook_quarantine"("state", "received_at");
CREATE UNIQUE INDEX "alert_source_fingerprint_starts_at_key" ON "alert"("source", "fingerprint", "starts_at");
-- Only one episode of an alert may be open.
CREATE UNIQUE INDEX "alert_open_key" ON "alert"("source", "fingerprint") WHERE "status" = 'firing';
CREATE INDEX "alert_open_group_idx" ON "alert"("name", "level") WHERE "status" = 'firing';
CREATE INDEX "alert_resolved_at_idx" ON "alert"("resolved_at") WHERE "status" = 'resolved';

-- Bodies are read once and soon: packing them would cost the intake more than the space is worth.
ALTER TABLE "hook_inbox" ALTER COLUMN "body" SET STORAGE EXTERNAL;
-- Room on each page for the counters that every repeated delivery moves.
ALTER TABLE "alert" SET (fillfactor = 80);
