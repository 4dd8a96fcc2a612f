-- What a letter about an ask refers to.
ALTER TABLE "postmortem_review" ADD COLUMN "id" UUID NOT NULL DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX "postmortem_review_id_key" ON "postmortem_review"("id");
