CREATE TABLE deliveries (
  id BIGINT NOT NULL PRIMARY KEY,
  order_id BIGINT NOT NULL,
  status TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX deliveries_order_id ON deliveries (order_id);
CREATE INDEX deliveries_status ON deliveries (status);
