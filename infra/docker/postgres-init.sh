#!/bin/sh
# Runs once, when the data folder is empty: one role and one schema per service, no role with the rights of a superuser.
set -eu
for service in auth billing support monitor healer; do
  variable="PG_PASSWORD_$(printf %s "$service" | tr a-z A-Z)"
  password=$(printenv "$variable")
  psql -v ON_ERROR_STOP=1 -v role="$service" -v password="$password" --username postgres --dbname portal <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE SCHEMA :"role" AUTHORIZATION :"role";
ALTER ROLE :"role" IN DATABASE portal SET search_path = :"role";
SQL
done
psql -v ON_ERROR_STOP=1 --username postgres --dbname portal <<'SQL'
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON DATABASE portal, postgres, template1 FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE portal TO auth, billing, support, monitor, healer;
CREATE SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO auth, billing, support, monitor, healer;
CREATE EXTENSION pg_stat_statements SCHEMA extensions;
CREATE EXTENSION amcheck SCHEMA extensions;
GRANT EXECUTE ON FUNCTION extensions.bt_index_check(regclass, boolean) TO monitor;
GRANT pg_monitor TO monitor;
GRANT pg_read_all_stats, pg_signal_backend TO healer;
SQL
