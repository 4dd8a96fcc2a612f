-- One ledger for every mail to somebody who has an account: reminders of action items, and remarks that call.
ALTER TABLE "action_nag_mail" RENAME TO "person_mail";
ALTER TABLE "person_mail" RENAME COLUMN "nag_id" TO "ref";
ALTER TABLE "person_mail" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'nag';
ALTER TABLE "person_mail" ALTER COLUMN "kind" DROP DEFAULT;
ALTER TABLE "person_mail" RENAME CONSTRAINT "action_nag_mail_pkey" TO "person_mail_pkey";
ALTER INDEX "action_nag_mail_nag_id_person_id_key" RENAME TO "person_mail_ref_person_id_key";
ALTER INDEX "action_nag_mail_state_not_before_idx" RENAME TO "person_mail_state_not_before_idx";
