CREATE TABLE accounts (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  roles TEXT NOT NULL,
  state TEXT NOT NULL,
  failures BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  tried_at BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_name ON accounts (name);

-- Logins that go on. Of their secrets only digests are here.
CREATE TABLE login_sessions (
  id BIGINT NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  family TEXT NOT NULL,
  current_secret TEXT NOT NULL,
  previous_secret TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  refreshed_at BIGINT NOT NULL
);
CREATE INDEX login_sessions_account_id ON login_sessions (account_id);
