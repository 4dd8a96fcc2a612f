-- Texts that are written together, as in an import, are indexed together: once for each postmortem and statement.
DROP TRIGGER "postmortem_search_of_section" ON "postmortem_section";
DROP FUNCTION postmortem_search_of_section();

CREATE FUNCTION postmortem_search_of_sections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM postmortem_search_keep(touched.id) FROM (SELECT DISTINCT postmortem_id AS id FROM changed) AS touched;
  RETURN NULL;
END
$$;
CREATE TRIGGER postmortem_search_of_new AFTER INSERT ON "postmortem_section"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION postmortem_search_of_sections();
CREATE TRIGGER postmortem_search_of_changed AFTER UPDATE ON "postmortem_section"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION postmortem_search_of_sections();
CREATE TRIGGER postmortem_search_of_deleted AFTER DELETE ON "postmortem_section"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION postmortem_search_of_sections();
