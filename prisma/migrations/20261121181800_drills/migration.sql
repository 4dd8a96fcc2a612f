CREATE TABLE "triage_moment" (
    "run_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "is_news" BOOLEAN NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "triage_moment_pkey" PRIMARY KEY ("run_id", "n")
);

CREATE TABLE "drill" (
    "id" UUID NOT NULL,
    "scenario" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "speed" DOUBLE PRECISION NOT NULL,
    "state" TEXT NOT NULL,
    "problem" TEXT NOT NULL DEFAULT '',
    "incident_id" UUID,
    "incident_name" TEXT NOT NULL DEFAULT '',
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "started_by" TEXT NOT NULL,
    "loaded_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "paused_ms" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT NOT NULL DEFAULT '',
    "body" JSONB NOT NULL,
    "score" JSONB,

    CONSTRAINT "drill_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "drill_started_at_idx" ON "drill"("started_at");

-- One drill at a time, whoever asks at the same moment.
CREATE UNIQUE INDEX "drill_one_at_a_time" ON "drill" ((true)) WHERE "state" NOT IN ('ended', 'failed');
