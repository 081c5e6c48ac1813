-- Beside the service's own migration (src/services/order/migrations), which PostgreSQL runs as it is.
CREATE SEQUENCE order_ids;
CREATE TABLE outbox (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  time BIGINT NOT NULL,
  data TEXT NOT NULL,
  traceparent TEXT NOT NULL
);
