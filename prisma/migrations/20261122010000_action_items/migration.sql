-- CreateTable
CREATE TABLE "action_item" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "postmortem_id" UUID,
    "incident_id" UUID,
    "title" TEXT NOT NULL,
    "kind" TEXT,
    "owner_id" UUID,
    "due_on" DATE,
    "due_set_at" TIMESTAMPTZ(3),
    "done_when" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'open',
    "evidence" TEXT NOT NULL DEFAULT '',
    "external_url" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "done_by" TEXT NOT NULL DEFAULT '',
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "action_item_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "action_item_number_key" ON "action_item"("number");
CREATE INDEX "action_item_state_due_on_idx" ON "action_item"("state", "due_on");
CREATE INDEX "action_item_postmortem_id_idx" ON "action_item"("postmortem_id");
CREATE INDEX "action_item_incident_id_idx" ON "action_item"("incident_id");
ALTER TABLE "action_item" ADD CONSTRAINT "action_item_incident_id_fkey"
    FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "action_item" ADD CONSTRAINT "action_item_state_known" CHECK ("state" IN ('open', 'done', 'dropped'));
ALTER TABLE "action_item" ADD CONSTRAINT "action_item_kind_known"
    CHECK ("kind" IS NULL OR "kind" IN ('prevent', 'detect', 'mitigate', 'process'));

-- CreateTable
CREATE TABLE "action_item_change" (
    "item_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "due_on" DATE,
    "fields" JSONB NOT NULL,

    CONSTRAINT "action_item_change_pkey" PRIMARY KEY ("item_id", "seq")
);
ALTER TABLE "action_item_change" ADD CONSTRAINT "action_item_change_item_id_fkey"
    FOREIGN KEY ("item_id") REFERENCES "action_item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "action_nag" (
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "due_on" DATE NOT NULL,
    "step" TEXT NOT NULL,
    "fired_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "action_nag_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "action_nag_item_id_due_on_step_key" ON "action_nag"("item_id", "due_on", "step");

-- CreateTable
CREATE TABLE "action_nag_mail" (
    "id" UUID NOT NULL,
    "nag_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "token" UUID,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "is_repeated" BOOLEAN NOT NULL DEFAULT false,
    "code" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "action_nag_mail_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "action_nag_mail_nag_id_person_id_key" ON "action_nag_mail"("nag_id", "person_id");
CREATE INDEX "action_nag_mail_state_not_before_idx" ON "action_nag_mail"("state", "not_before");
