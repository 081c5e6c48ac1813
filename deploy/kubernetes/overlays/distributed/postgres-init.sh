#!/bin/bash
# Runs once, when the volume is new: a database and a login for each service, closed to the others.
set -euo pipefail

for service in menu order payment delivery; do
  password="${service^^}_PASSWORD"
  psql -X -q -v ON_ERROR_STOP=1 -U postgres -d postgres \
    -v name="$service" -v password="${!password}" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
