-- The folder beside the worker is always a place for copies; settings may switch it off.
INSERT INTO "status_export" ("id", "kind", "name", "config") VALUES ('folder', 'folder', 'Folder of the worker', '{}');
