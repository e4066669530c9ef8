-- What Redshift has and PostgreSQL lacks. It lies in pg_catalog, where it is found whatever the search path says.
SET allow_system_table_mods = on;

CREATE DOMAIN pg_catalog.super AS jsonb;

CREATE FUNCTION pg_catalog.json_parse(document text) RETURNS pg_catalog.super
  LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1::jsonb::pg_catalog.super';

CREATE FUNCTION pg_catalog."json_serialize"(value pg_catalog.super) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  CASE jsonb_typeof(value)
    WHEN 'object' THEN
      RETURN '{' || COALESCE((SELECT string_agg(to_jsonb(o.key)::text || ':' || "json_serialize"(o.value), ',')
        FROM jsonb_each(value) o), '') || '}';
    WHEN 'array' THEN
      RETURN '[' || COALESCE((SELECT string_agg("json_serialize"(a.value), ',' ORDER BY a.ordinality)
        FROM jsonb_array_elements(value) WITH ORDINALITY a), '') || ']';
    ELSE
      RETURN value::text;
  END CASE;
END $$;

CREATE FUNCTION pg_catalog.getdate() RETURNS timestamp
  LANGUAGE sql STABLE AS 'SELECT date_trunc(''second'', statement_timestamp())::timestamp';

CREATE FUNCTION pg_catalog.sysdate() RETURNS timestamp
  LANGUAGE sql STABLE AS 'SELECT transaction_timestamp()::timestamp';

CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text
  LANGUAGE sql STABLE AS 'SELECT ''{version}''::text';

CREATE TABLE pg_catalog.sys_load_error_detail (
  user_id integer,
  query_id bigint,
  table_id integer,
  transaction_id bigint,
  session_id integer,
  start_time timestamp,
  file_name char(256),
  line_number bigint,
  column_name char(127),
  column_type char(10),
  column_length char(10),
  position integer,
  error_code integer,
  error_message char(512)
);

CREATE TABLE pg_catalog.sys_load_history (
  user_id integer,
  query_id bigint,
  transaction_id bigint,
  session_id integer,
  database_name text,
  status text,
  table_name text,
  start_time timestamp,
  end_time timestamp,
  duration bigint,
  data_source text,
  file_format text,
  loaded_rows bigint,
  loaded_bytes bigint,
  source_file_count integer,
  source_file_bytes bigint,
  file_count_scanned integer,
  error_count integer
);

CREATE VIEW pg_catalog.stl_load_errors AS
SELECT user_id AS userid, 0 AS slice, table_id AS tbl, start_time AS starttime, session_id AS session,
  query_id AS query, file_name AS filename, line_number, column_name AS colname, column_type AS type,
  column_length AS col_length, position, NULL::char(1024) AS raw_line, NULL::char(1024) AS raw_field_value,
  error_code AS err_code, left(error_message, 100)::char(100) AS err_reason
FROM pg_catalog.sys_load_error_detail;

CREATE VIEW pg_catalog.svv_transactions AS
SELECT coalesce(a.usename, '')::text AS txn_owner, coalesce(a.datname, '')::text AS txn_db,
  coalesce(l.transactionid::text, '0')::bigint AS xid, l.pid, a.xact_start::timestamp AS txn_start,
  l.mode::text AS lock_mode, l.locktype::text AS lockable_object_type, l.relation, l.granted
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid;

CREATE VIEW pg_catalog.svv_tables AS
SELECT table_catalog, table_schema, table_name, table_type, NULL::text AS remarks
FROM information_schema.tables;

CREATE VIEW pg_catalog.svv_columns AS
SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable,
  CASE WHEN domain_name = 'super' THEN 'super' ELSE data_type END AS data_type,
  character_maximum_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision,
  NULL::text AS interval_type, NULL::text AS interval_precision, NULL::text AS character_set_catalog,
  NULL::text AS character_set_schema, NULL::text AS character_set_name, collation_catalog, collation_schema,
  collation_name, domain_name, NULL::text AS remarks
FROM information_schema.columns;

GRANT SELECT ON pg_catalog.sys_load_error_detail, pg_catalog.sys_load_history, pg_catalog.stl_load_errors,
  pg_catalog.svv_transactions, pg_catalog.svv_tables, pg_catalog.svv_columns TO PUBLIC;
