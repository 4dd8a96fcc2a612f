-- CreateTable
CREATE TABLE "health_memory" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "health_memory_pkey" PRIMARY KEY ("id")
);
