-- Who this store is: 'uid' is drawn when it is created.
CREATE TABLE store_info (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- Answers by once-key.
CREATE TABLE once_keys (
  key TEXT NOT NULL PRIMARY KEY,
  fingerprint BIGINT NOT NULL,
  answer BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX once_keys_created_at ON once_keys (created_at, key);

CREATE TABLE outbox (
  seq BIGINT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  time BIGINT NOT NULL,
  data TEXT NOT NULL,
  traceparent TEXT NOT NULL
);

-- The last outbox number given. Its row is locked from the moment a transaction takes its numbers
-- until it has committed: numbers are without gaps, and their order is the order of commits.
CREATE TABLE outbox_head (
  id BIGINT NOT NULL PRIMARY KEY,
  last_seq BIGINT NOT NULL
) WITH (fillfactor = 10);
INSERT INTO outbox_head (id, last_seq) VALUES (1, 0);

-- How many rows a table has: the sum of its parts. Each writer adds to its own part, so that
-- writers do not wait for each other.
CREATE TABLE row_counts (
  table_name TEXT NOT NULL,
  part BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  PRIMARY KEY (table_name, part)
) WITH (fillfactor = 50);

-- The last group each writer has committed: tells, after a lost answer, whether a COMMIT took
-- effect. Who asks also raises the number, and a group with a lower one can no longer commit.
CREATE SEQUENCE writer_numbers;
CREATE TABLE writers (
  writer BIGINT NOT NULL PRIMARY KEY,
  last_group BIGINT NOT NULL,
  asked_at_group BIGINT NOT NULL DEFAULT 0,
  seen_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 50);

-- Who may carry the outbox to the bus. The token grows with each change of hands.
CREATE TABLE relay_lease (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  token BIGINT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
