-- What postmortems are found by. `frozen` is computed when the record is written, and not again at each saved text.
CREATE TABLE "postmortem_search" (
    "postmortem_id" UUID NOT NULL,
    "frozen" tsvector NOT NULL,
    "words" tsvector NOT NULL,
    "gist" tsvector NOT NULL,
    "meta" JSONB NOT NULL,

    CONSTRAINT "postmortem_search_pkey" PRIMARY KEY ("postmortem_id"),
    CONSTRAINT "postmortem_search_postmortem_fkey" FOREIGN KEY ("postmortem_id")
        REFERENCES "postmortem"("id") ON DELETE CASCADE
);
CREATE INDEX "postmortem_search_words_idx" ON "postmortem_search" USING GIN ("words");
CREATE INDEX "postmortem_search_gist_idx" ON "postmortem_search" USING GIN ("gist");
CREATE INDEX "postmortem_leaf_ids_idx" ON "postmortem" USING GIN ("leaf_ids");
CREATE INDEX "postmortem_component_ids_idx" ON "postmortem" USING GIN ("component_ids");
CREATE INDEX "postmortem_tags_idx" ON "postmortem" USING GIN ("tags");

-- The record may hold thousands of rows; what decided the course comes first, and the rest ends at 60,000 characters.
CREATE FUNCTION postmortem_frozen_words(record jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
  SELECT setweight(to_tsvector('english', left(coalesce((
      SELECT string_agg(row->>'text', ' ' ORDER BY (row->>'isKey')::boolean DESC NULLS LAST, at)
      FROM jsonb_array_elements(CASE jsonb_typeof(record->'timeline') WHEN 'array' THEN record->'timeline' ELSE '[]' END)
        WITH ORDINALITY AS item(row, at)), ''), 60000)), 'D')
    || setweight(to_tsvector('english', left(coalesce((
      SELECT string_agg(concat_ws(' ', message->>'title', message->>'body'), ' ')
      FROM jsonb_array_elements(CASE jsonb_typeof(record->'messages') WHEN 'array' THEN record->'messages' ELSE '[]' END)
        AS message), ''), 60000)), 'D')
    || setweight(to_tsvector('english', coalesce((
      SELECT string_agg(concat_ws(' ', cause->>'leaf', cause->>'title'), ' ')
      FROM jsonb_array_elements(CASE jsonb_typeof(record #> '{triage,causes}') WHEN 'array' THEN record #> '{triage,causes}' ELSE '[]' END)
        AS cause), '')), 'C')
$$;

CREATE FUNCTION postmortem_search_keep(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  head tsvector;
  told tsvector;
  brief tsvector;
BEGIN
  SELECT setweight(to_tsvector('english', p.title), 'A')
      || setweight(to_tsvector('simple', concat_ws(' ', 'PM-' || lpad(p.number::text, 4, '0'), f.meta->>'incident')), 'A')
      || setweight(to_tsvector('english', concat_ws(' ', f.meta->>'errorType', p.tags::text, p.leaf_ids::text,
        p.component_ids::text, f.meta->>'hosts')), 'B'),
    to_tsvector('english', concat_ws(' ', p.title, f.meta->>'errorType'))
    INTO head, brief FROM postmortem AS p JOIN postmortem_search AS f ON f.postmortem_id = p.id WHERE p.id = wanted;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT coalesce(setweight(to_tsvector('english', left(string_agg(s.body, ' ') FILTER (WHERE s.key IN ('summary', 'causes')), 200000)), 'B'), '')
      || coalesce(setweight(to_tsvector('english', left(string_agg(s.body, ' ') FILTER (WHERE s.key NOT IN ('summary', 'causes')), 400000)), 'C'), ''),
    brief || coalesce(to_tsvector('english', left(string_agg(s.body, ' ') FILTER (WHERE s.key IN ('summary', 'causes')), 20000)), '')
    INTO told, brief FROM postmortem_section AS s WHERE s.postmortem_id = wanted;
  UPDATE postmortem_search SET words = head || told || frozen, gist = brief WHERE postmortem_id = wanted;
END
$$;

CREATE FUNCTION postmortem_search_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO postmortem_search (postmortem_id, frozen, words, gist, meta)
  VALUES (NEW.id, postmortem_frozen_words(NEW.record), '', '', coalesce(NEW.record->'meta', '{}'))
  ON CONFLICT (postmortem_id) DO UPDATE SET frozen = excluded.frozen, meta = excluded.meta;
  PERFORM postmortem_search_keep(NEW.id);
  RETURN NULL;
END
$$;
-- Only where the statement names the record: comparing two of them would read megabytes at each saved state.
CREATE TRIGGER postmortem_search_of_record AFTER INSERT OR UPDATE OF "record" ON "postmortem"
  FOR EACH ROW EXECUTE FUNCTION postmortem_search_of_record();

CREATE FUNCTION postmortem_search_of_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM postmortem_search_keep(NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER postmortem_search_of_head AFTER UPDATE OF "title", "tags", "leaf_ids", "component_ids" ON "postmortem"
  FOR EACH ROW EXECUTE FUNCTION postmortem_search_of_head();

CREATE FUNCTION postmortem_search_of_section() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM postmortem_search_keep(COALESCE(NEW.postmortem_id, OLD.postmortem_id));
  RETURN NULL;
END
$$;
CREATE TRIGGER postmortem_search_of_section AFTER INSERT OR UPDATE OR DELETE ON "postmortem_section"
  FOR EACH ROW EXECUTE FUNCTION postmortem_search_of_section();

-- Postmortems that were there before.
INSERT INTO postmortem_search (postmortem_id, frozen, words, gist, meta)
SELECT id, postmortem_frozen_words(record), '', '', coalesce(record->'meta', '{}') FROM postmortem;
SELECT postmortem_search_keep(id) FROM postmortem;
