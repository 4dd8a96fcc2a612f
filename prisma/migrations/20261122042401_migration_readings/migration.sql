CREATE TABLE "migration_reading" (
  "migration_id" UUID NOT NULL,
  "query_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "value" DOUBLE PRECISION,
  "why" TEXT NOT NULL DEFAULT '',
  CONSTRAINT "migration_reading_pkey" PRIMARY KEY ("migration_id", "query_id", "at")
);
