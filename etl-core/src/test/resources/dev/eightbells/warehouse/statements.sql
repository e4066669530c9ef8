-- Whoever only looks does not wait for long
SET statement_timeout TO 15000;

-- Whoever has the lock takes as long as it takes
RESET statement_timeout;

-- Is the schema there?
SELECT nspname FROM pg_namespace WHERE nspname = 'analytics';

-- What kind of thing has the target's name?
SELECT table_type FROM svv_tables
WHERE table_schema = 'analytics' AND table_name = 'web_events';

-- Which columns has it?
SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,
  CASE WHEN is_nullable = 'NO' AND column_default IS NULL THEN 1 ELSE 0 END AS must_be_given
FROM svv_columns
WHERE table_schema = 'analytics' AND table_name = 'web_events'
ORDER BY ordinal_position;

-- What was loaded into it last?
SELECT "number", "snapshot", "pipeline", "source"
FROM "analytics"."eightbells_loads"
WHERE "table" = 'analytics.web_events'
ORDER BY "number" DESC LIMIT 1;

-- Does it hold rows, though the ledger knows of no load?
SELECT 1 FROM "analytics"."web_events" LIMIT 1;

-- Can COPY read the lake? NOLOAD moves no byte
COPY "eightbells_probe"
FROM 's3://acme-lake/web-events/eightbells.json'
IAM_ROLE default
FORMAT AS JSON 'auto' NOLOAD;

-- A schema of its own
CREATE SCHEMA IF NOT EXISTS "analytics";

-- The ledger
CREATE TABLE IF NOT EXISTS "analytics"."eightbells_loads" (
  "pipeline" VARCHAR(64),
  "table" VARCHAR(256),
  "number" BIGINT,
  "source" VARCHAR(36),
  "snapshot" BIGINT,
  "batch" VARCHAR(64),
  "rows" BIGINT,
  "loaded_at" TIMESTAMP
)
DISTSTYLE ALL
COMPOUND SORTKEY("table", "number");

-- The events, with keys from the pipeline file
CREATE TABLE IF NOT EXISTS "analytics"."web_events" (
  "event_id" VARCHAR(128),
  "event_timestamp" TIMESTAMP,
  "cookie_id" VARCHAR(128),
  "landing_date" DATE,
  "geo_latitude" DOUBLE PRECISION,
  "amount" DECIMAL(12,2),
  "items" SUPER,
  "eightbells_batch" VARCHAR(64)
)
DISTSTYLE KEY DISTKEY("cookie_id")
COMPOUND SORTKEY("event_timestamp", "cookie_id");

-- The sessions, with keys left to Redshift
CREATE TABLE IF NOT EXISTS "analytics"."web_sessions" (
  "session_id" VARCHAR(64),
  "event_count" BIGINT,
  "converted" BOOLEAN
)
DISTSTYLE AUTO
SORTKEY AUTO;

-- A column that is new in the lake
ALTER TABLE "analytics"."web_events" ADD COLUMN "referrer" VARCHAR(512);

-- A column that the lake calls otherwise now
ALTER TABLE "analytics"."web_events" RENAME COLUMN "referrer" TO "origin";

-- Room for longer texts; refused inside a transaction
ALTER TABLE "analytics"."web_events" ALTER COLUMN "cookie_id" TYPE VARCHAR(256);

-- All or nothing
BEGIN;

-- One load at a time; the ledger is asked again once it is ours
LOCK "analytics"."eightbells_loads";

-- A table with the columns of the files, in their order
CREATE TEMP TABLE "eightbells_staging_1" (
  "event_id" VARCHAR(128),
  "event_timestamp" TIMESTAMP,
  "items" SUPER,
  "source_object" VARCHAR(65535),
  "source_offset" BIGINT
);

-- The files that the commit added
COPY "eightbells_staging_1"
FROM 's3://acme-lake/web-events/loads/5f3a.json'
IAM_ROLE default
FORMAT AS PARQUET MANIFEST;

-- The same with nested columns, as a role
COPY "eightbells_staging_1"
FROM 's3://acme-lake/web-events/loads/5f3a.json'
IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
FORMAT AS PARQUET SERIALIZETOJSON MANIFEST;

-- Are keys unique, as the lake says?
SELECT COUNT(*), "event_id", "part"
FROM "eightbells_staging_1"
GROUP BY "event_id", OCTET_LENGTH("event_id"), "part", DATE_TRUNC('day', "event_timestamp")
HAVING COUNT(*) > 1 LIMIT 1;

-- Events that are there already give way
DELETE FROM "analytics"."web_events"
USING "eightbells_staging_1"
WHERE "web_events"."event_id" = "eightbells_staging_1"."event_id" AND OCTET_LENGTH("web_events"."event_id") = OCTET_LENGTH("eightbells_staging_1"."event_id")
  AND "web_events"."part" = "eightbells_staging_1"."part"
  AND DATE_TRUNC('day', "web_events"."event_timestamp") = DATE_TRUNC('day', "eightbells_staging_1"."event_timestamp")
  AND "web_events"."event_timestamp" >= TIMESTAMP '2026-11-22 00:00:00.000000' AND "web_events"."event_timestamp" < TIMESTAMP '2026-11-24 00:00:00.000000';

-- The same where some rows have no time, and a column was renamed
DELETE FROM "analytics"."web_events"
USING "eightbells_staging_1"
WHERE "web_events"."event_id" = "eightbells_staging_1"."id" AND OCTET_LENGTH("web_events"."event_id") = OCTET_LENGTH("eightbells_staging_1"."id")
  AND (DATE_TRUNC('hour', "web_events"."event_timestamp") = DATE_TRUNC('hour', "eightbells_staging_1"."event_timestamp") OR ("web_events"."event_timestamp" IS NULL AND "eightbells_staging_1"."event_timestamp" IS NULL));

-- Sessions of the days that the commit replaced
DELETE FROM "analytics"."web_sessions"
WHERE ("session_start" >= TIMESTAMP '2026-11-21 00:00:00.000000' AND "session_start" < TIMESTAMP '2026-11-23 00:00:00.000000')
   OR ("session_start" >= TIMESTAMP '2026-11-25 00:00:00.000000' AND "session_start" < TIMESTAMP '2026-11-26 00:00:00.000000');

-- All rows, before a reload
DELETE FROM "analytics"."web_events";

-- The staged rows come in, each with its batch
INSERT INTO "analytics"."web_events" ("event_id", "items", "eightbells_batch")
SELECT "id", "items", '20261122T0800Z'
FROM "eightbells_staging_1";

-- The same in a reload, where nobody knows the batch any more
INSERT INTO "analytics"."web_events" ("event_id", "eightbells_batch")
SELECT "event_id", NULL
FROM "eightbells_staging_1";

-- Staged no longer
DROP TABLE "eightbells_staging_1";

-- The ledger's row
INSERT INTO "analytics"."eightbells_loads" ("pipeline", "table", "number", "source", "snapshot", "batch", "rows", "loaded_at")
VALUES ('web-events', 'analytics.web_events', 7, '0f8fad5b-d9cb-469f-a165-70867728950e', 3746185722376209749, '20261122T0800Z', 990, TIMESTAMP '2026-11-22 08:31:07.500000');

-- A new table takes the place of one whose columns cannot become what they are to be
ALTER TABLE "analytics"."web_events" RENAME TO "eightbells_old";

-- The old one goes
DROP TABLE "analytics"."eightbells_old";

-- From here on it has happened
COMMIT;

-- How many rows would be forgotten?
SELECT COUNT(*) FROM "analytics"."web_events"
WHERE ("user_custom_id" IS NOT NULL) AND ("user_custom_id" = 'anna' AND OCTET_LENGTH("user_custom_id") = 4);

-- Rows that somebody asked to be forgotten
DELETE FROM "analytics"."web_events"
WHERE ("user_custom_id" IS NOT NULL) AND ("user_custom_id" = 'anna' AND OCTET_LENGTH("user_custom_id") = 4);

-- Rows that are not kept any longer
DELETE FROM "analytics"."web_events"
WHERE ("event_timestamp" IS NOT NULL) AND ("event_timestamp" < TIMESTAMP '2026-11-22 08:20:00.123456');

-- Every way to say which rows
DELETE FROM "analytics"."web_events"
WHERE (NOT (LEFT("page", 2) = '/é' AND OCTET_LENGTH(LEFT("page", 2)) = 3)) OR (("cookie_id" IN ('a', 'b') AND OCTET_LENGTH("cookie_id") = 1) OR ("cookie_id" IN (('' || CHR(92) || '''')) AND OCTET_LENGTH("cookie_id") = 2)) OR ("n" IN (-1)) OR ("landing_date" IS NULL) OR ("landing_date" >= DATE '2026-11-22') OR ("page" || CHR(1) < '/b' || CHR(1)) OR ("page" <> '' OR OCTET_LENGTH("page") <> 0) OR ("amount" > CAST('100' AS DECIMAL(12,2))) OR ("share" <= CAST('0.1' AS REAL)) OR ("converted" = TRUE) OR (FALSE);

-- Nothing has happened
ROLLBACK;

-- Who keeps the ledger locked?
SELECT t.pid, t.txn_owner, t.txn_start
FROM svv_transactions t
  JOIN pg_class c ON c.oid = t.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE t.granted AND t.lock_mode = 'AccessExclusiveLock' AND t.pid <> pg_backend_pid()
  AND n.nspname = 'analytics' AND c.relname = 'eightbells_loads' LIMIT 1;

-- Why did COPY fail?
SELECT file_name, line_number, column_name, column_type, error_code, error_message
FROM sys_load_error_detail
WHERE session_id = pg_backend_pid()
ORDER BY start_time DESC LIMIT 1;

-- The same where the newer view may not be read
SELECT filename, line_number, colname, type, err_code, err_reason
FROM stl_load_errors
WHERE session = pg_backend_pid()
ORDER BY starttime DESC LIMIT 1;

