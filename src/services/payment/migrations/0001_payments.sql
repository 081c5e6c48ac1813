CREATE TABLE payments (
  id BIGINT NOT NULL PRIMARY KEY,
  order_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  token TEXT NOT NULL,
  status TEXT NOT NULL,
  captured BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX payments_order_id ON payments (order_id);
CREATE INDEX payments_status ON payments (status);
