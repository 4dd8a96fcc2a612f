-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_digest_key" ON "api_key"("digest");

-- CreateIndex
CREATE INDEX "api_key_person_id_idx" ON "api_key"("person_id");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "incident_access" (
    "incident_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,

    CONSTRAINT "incident_access_pkey" PRIMARY KEY ("incident_id","person_id")
);

-- CreateIndex
CREATE INDEX "incident_access_person_id_idx" ON "incident_access"("person_id");

-- AddForeignKey
ALTER TABLE "incident_access" ADD CONSTRAINT "incident_access_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "incident_link" ADD COLUMN "state" TEXT NOT NULL DEFAULT 'linked',
ADD COLUMN "reason" TEXT NOT NULL DEFAULT '';

ALTER TABLE "incident_link" ADD CONSTRAINT "incident_link_words" CHECK ("state" IN ('linked', 'proposed', 'unlinked'));

ALTER TABLE "incident" DROP CONSTRAINT "incident_words";
ALTER TABLE "incident" ADD CONSTRAINT "incident_words" CHECK (
  "severity" IN ('P1', 'P2', 'P3', 'P4')
  AND "status" IN ('investigating', 'identified', 'monitoring', 'resolved')
  AND "visibility" IN ('restricted', 'internal', 'public')
  AND "drill_speed" BETWEEN 1 AND 60
  AND ("drill" OR "drill_speed" = 1)
);
