CREATE TABLE "flag" (
  "key" TEXT NOT NULL,
  "salt" TEXT NOT NULL,
  "description" TEXT NOT NULL DEFAULT '',
  "is_on" BOOLEAN NOT NULL,
  "share" INTEGER NOT NULL CHECK ("share" BETWEEN 0 AND 10000),
  "version" INTEGER NOT NULL,
  "migration_id" UUID,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_by" TEXT NOT NULL,
  CONSTRAINT "flag_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "flag_change" (
  "flag_key" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "is_on" BOOLEAN NOT NULL,
  "share" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "by" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "flag_change_pkey" PRIMARY KEY ("flag_key", "version")
);

CREATE FUNCTION flag_change_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'flag_change is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER flag_change_append_only BEFORE UPDATE OR DELETE ON "flag_change"
  FOR EACH ROW EXECUTE FUNCTION flag_change_append_only();

-- The salt decides every bucket: another one would shuffle everybody.
CREATE FUNCTION flag_salt_stays() RETURNS trigger AS $$
BEGIN
  IF NEW.salt <> OLD.salt THEN RAISE EXCEPTION 'the salt of a flag never changes'; END IF;
  RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER flag_salt_stays BEFORE UPDATE ON "flag" FOR EACH ROW EXECUTE FUNCTION flag_salt_stays();
