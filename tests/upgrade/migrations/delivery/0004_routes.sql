-- works with: 3
CREATE TABLE routes (
  id BIGINT NOT NULL PRIMARY KEY,
  delivery_id BIGINT NOT NULL
);
CREATE INDEX routes_delivery_id ON routes (delivery_id);
