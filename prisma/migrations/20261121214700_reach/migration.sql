-- CreateTable
CREATE TABLE "subscriber" (
    "id" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "components" TEXT[],
    "wanted_components" TEXT[],
    "confirm_nonce" TEXT,
    "confirm_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscriber_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "subscriber_digest_key" ON "subscriber"("digest");
CREATE INDEX "subscriber_state_idx" ON "subscriber"("state");

-- CreateTable
CREATE TABLE "subscriber_throttle" (
    "key" TEXT NOT NULL,
    "window_at" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "subscriber_throttle_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "subscriber_throttle_window_at_idx" ON "subscriber_throttle"("window_at");

-- CreateTable
CREATE TABLE "subscriber_mailing" (
    "publication_id" UUID NOT NULL,
    "thread" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "components" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscriber_mailing_pkey" PRIMARY KEY ("publication_id")
);

-- CreateTable
CREATE TABLE "subscriber_mail" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "ordinal" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "publication_id" UUID,
    "subscriber_id" UUID NOT NULL,
    "thread" TEXT NOT NULL,
    "nonce" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "message_id" TEXT,
    "replies_to" TEXT,
    "is_repeated" BOOLEAN NOT NULL DEFAULT false,
    "code" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscriber_mail_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "subscriber_mail_ordinal_key" ON "subscriber_mail"("ordinal");
CREATE UNIQUE INDEX "subscriber_mail_publication_id_subscriber_id_key" ON "subscriber_mail"("publication_id", "subscriber_id");
CREATE INDEX "subscriber_mail_subscriber_id_thread_idx" ON "subscriber_mail"("subscriber_id", "thread");
-- What the worker looks for every second: only rows that are not at their end.
CREATE INDEX "subscriber_mail_open" ON "subscriber_mail"("ordinal") WHERE "state" IN ('queued', 'retry', 'sending', 'unknown');

-- CreateTable
CREATE TABLE "mail_lane" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "problem" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "retry_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mail_lane_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reminder" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "incident_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "step" TEXT NOT NULL,
    "audiences" TEXT[],
    "fired_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT NOT NULL,
    "cleared_at" TIMESTAMPTZ(3),

    CONSTRAINT "reminder_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "reminder_incident_id_due_at_step_key" ON "reminder"("incident_id", "due_at", "step");
CREATE INDEX "reminder_open" ON "reminder"("incident_id") WHERE "cleared_at" IS NULL;

-- CreateTable
CREATE TABLE "slack_request" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slack_request_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "slack_request_at_idx" ON "slack_request"("at");

-- CreateTable
CREATE TABLE "slack_person" (
    "slack_user" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "slack_person_pkey" PRIMARY KEY ("slack_user")
);
CREATE UNIQUE INDEX "slack_person_person_id_key" ON "slack_person"("person_id");
