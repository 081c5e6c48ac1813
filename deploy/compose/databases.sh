#!/bin/bash
# Run once by the PostgreSQL image on a new data folder: a database and a login for each service that
# has one, so that no service can read another's. The password is that of the service's own secret.
set -euo pipefail

as_admin() { psql -X -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres "$@"; }

as_admin -c 'REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC'
for secret in /run/secrets/*-database; do
  name=$(basename "$secret" -database)
  password=$(sed -n 's/^password=//p' "$secret")
  as_admin -v name="$name" -v password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
