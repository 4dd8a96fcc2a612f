-- CreateTable
CREATE TABLE "postmortem_comment" (
    "id" UUID NOT NULL,
    "postmortem_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "thread_id" UUID NOT NULL,
    "section" TEXT NOT NULL,
    "quote" TEXT NOT NULL DEFAULT '',
    "text" TEXT NOT NULL,
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "mentions" JSONB NOT NULL,
    "settled_by" TEXT NOT NULL DEFAULT '',
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "postmortem_comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "postmortem_review" (
    "postmortem_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "deed" TEXT NOT NULL,
    "by_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "text" TEXT NOT NULL DEFAULT '',
    "is_outsider" BOOLEAN NOT NULL DEFAULT false,
    "reviewers" JSONB NOT NULL,
    "checklist" JSONB NOT NULL,

    CONSTRAINT "postmortem_review_pkey" PRIMARY KEY ("postmortem_id","seq")
);

-- CreateTable
CREATE TABLE "postmortem_node" (
    "id" UUID NOT NULL,
    "postmortem_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "node" TEXT NOT NULL,
    "fault" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "proposal_id" UUID,
    "scenario" TEXT,
    "scenario_name" TEXT NOT NULL DEFAULT '',
    "proposed_at" TIMESTAMPTZ(3),
    "dropped_by" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "postmortem_node_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "postmortem_comment_postmortem_id_seq_key" ON "postmortem_comment"("postmortem_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "postmortem_node_proposal_id_key" ON "postmortem_node"("proposal_id");

-- CreateIndex
CREATE INDEX "postmortem_node_postmortem_id_at_idx" ON "postmortem_node"("postmortem_id", "at");

-- The ledger of a review is written once.
CREATE FUNCTION postmortem_review_is_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'postmortem_review is append-only';
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER postmortem_review_append_only BEFORE UPDATE ON "postmortem_review"
    FOR EACH ROW EXECUTE FUNCTION postmortem_review_is_append_only();
