-- A delivery carries a publication, or a reminder that one is missing.
ALTER TABLE "delivery" ALTER COLUMN "publication_id" DROP NOT NULL;
ALTER TABLE "delivery" ADD COLUMN "reminder_id" UUID;
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_of_one" CHECK (num_nonnulls("publication_id", "reminder_id") = 1);
CREATE UNIQUE INDEX "delivery_reminder_id_channel_id_step_key" ON "delivery"("reminder_id", "channel_id", "step");

-- Which run of the worker holds a mail is said by its token alone.
ALTER TABLE "subscriber_mail" DROP COLUMN "lease_until";
