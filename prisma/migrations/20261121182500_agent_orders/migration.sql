-- AlterTable
ALTER TABLE "agent_token" ADD COLUMN     "orders_at" TIMESTAMPTZ(3),
ADD COLUMN     "orders_by" TEXT,
ADD COLUMN     "orders_key" TEXT;

-- CreateTable
CREATE TABLE "agent_order" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "run_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3),
    "taken_with" BIGINT,
    "result_at" TIMESTAMPTZ(3),
    "result" JSONB,

    CONSTRAINT "agent_order_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "agent_order_seq_key" ON "agent_order"("seq");

-- CreateIndex
CREATE UNIQUE INDEX "agent_order_run_id_key" ON "agent_order"("run_id");

-- CreateIndex
CREATE INDEX "agent_order_instance_id_seq_idx" ON "agent_order"("instance_id", "seq");

-- What a report's write looks at: nearly always empty.
CREATE INDEX "agent_order_waiting" ON "agent_order"("instance_id") WHERE "taken_at" IS NULL;
