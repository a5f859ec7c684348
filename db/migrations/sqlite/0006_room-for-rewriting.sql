-- For Postgres alone: SQLite rewrites a row where it stands.
SELECT 1;
