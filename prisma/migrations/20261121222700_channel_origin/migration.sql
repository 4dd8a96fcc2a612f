-- A channel that the environment names follows the environment until somebody changes it in the browser.
ALTER TABLE "channel" ADD COLUMN "origin" TEXT NOT NULL DEFAULT 'settings';
