-- An item whose postmortem is gone stays with its incident.
ALTER TABLE "action_item" ADD CONSTRAINT "action_item_postmortem_id_fkey"
    FOREIGN KEY ("postmortem_id") REFERENCES "postmortem"("id") ON DELETE SET NULL ON UPDATE CASCADE;
