-- What was read outside for a deployment, once for all who look at it.
ALTER TABLE "deployment" ADD COLUMN "looks" JSONB, ADD COLUMN "looked_at" TIMESTAMPTZ(3);

-- A word about a service counts for its next deployments too, while it is fresh.
ALTER TABLE "deployment_check" ADD COLUMN "service" TEXT NOT NULL DEFAULT '', ADD COLUMN "environment" TEXT NOT NULL DEFAULT '';
CREATE INDEX "deployment_check_service_environment_kind_idx" ON "deployment_check"("service", "environment", "kind");
