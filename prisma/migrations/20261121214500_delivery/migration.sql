CREATE TABLE "channel" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "audiences" JSONB NOT NULL,
    "config" JSONB NOT NULL,
    "sealed" TEXT,
    "component_map" JSONB NOT NULL DEFAULT '{}',
    "paused_reason" TEXT,
    "paused_at" TIMESTAMPTZ(3),
    "paused_by" TEXT NOT NULL DEFAULT '',
    "not_before" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "publication_id" UUID NOT NULL,
    "incident_id" UUID,
    "channel_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "order_key" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "payload" JSONB NOT NULL,
    "payload_sha" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "token" UUID,
    "sent_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3),
    "target" TEXT,
    "remote_id" TEXT,
    "delivered_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3),
    "seen_note" TEXT NOT NULL DEFAULT '',
    "seen_tries" INTEGER NOT NULL DEFAULT 0,
    "error_code" TEXT NOT NULL DEFAULT '',
    "error_text" TEXT NOT NULL DEFAULT '',
    "fix_href" TEXT NOT NULL DEFAULT '',
    "decided_by" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "delivery_publication_id_channel_id_step_key" ON "delivery"("publication_id", "channel_id", "step");
CREATE UNIQUE INDEX "delivery_order_key_seq_key" ON "delivery"("order_key", "seq");
CREATE INDEX "delivery_state_idx" ON "delivery"("state");
CREATE INDEX "delivery_channel_id_created_at_idx" ON "delivery"("channel_id", "created_at");

-- In one lane at most one message may be on its way: the database itself keeps the order.
CREATE UNIQUE INDEX "delivery_one_sending" ON "delivery"("order_key") WHERE "state" = 'sending';
