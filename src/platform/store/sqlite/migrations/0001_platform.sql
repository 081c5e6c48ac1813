-- Who this database is: 'uid' is drawn when it is created.
CREATE TABLE store_info (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- The last id given and the number of rows, per table: ids are never used twice, pages never count.
CREATE TABLE table_stats (
  name TEXT NOT NULL PRIMARY KEY,
  last_id INTEGER NOT NULL,
  row_count INTEGER NOT NULL
) WITHOUT ROWID;

-- Answers by once-key. Rows are appended in time order, so sweeping reads only from the front, and
-- the answers stay out of the index that is written at random places.
CREATE TABLE once_keys (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  fingerprint INTEGER NOT NULL,
  answer BLOB NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  time INTEGER NOT NULL,
  data TEXT NOT NULL,
  traceparent TEXT NOT NULL
);
