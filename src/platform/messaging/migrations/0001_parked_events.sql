-- Events a consumer group could not handle, put aside in the order they were parked.
CREATE TABLE parked_events (
  id BIGINT NOT NULL PRIMARY KEY,
  dedupe TEXT NOT NULL,
  consumer_group TEXT NOT NULL,
  event_key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  source TEXT NOT NULL,
  event_time BIGINT NOT NULL,
  traceparent TEXT NOT NULL,
  data TEXT NOT NULL,
  reason TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  parked_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX parked_events_dedupe ON parked_events (dedupe);
CREATE INDEX parked_events_event_key ON parked_events (event_key);
