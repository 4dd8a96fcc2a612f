-- CreateTable
CREATE TABLE "api_minute" (
    "minute_at" TIMESTAMPTZ(3) NOT NULL,
    "server_errors" DOUBLE PRECISION,
    "auth_errors" DOUBLE PRECISION,
    "rate_limited" DOUBLE PRECISION,
    "error_ratio" DOUBLE PRECISION,
    "p95" DOUBLE PRECISION,
    "p99" DOUBLE PRECISION,

    CONSTRAINT "api_minute_pkey" PRIMARY KEY ("minute_at")
);
