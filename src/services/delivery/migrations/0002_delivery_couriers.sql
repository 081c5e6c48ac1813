-- Who takes a delivery to its customer; without a row nobody has said so.
CREATE TABLE delivery_couriers (
  id BIGINT NOT NULL PRIMARY KEY,
  courier TEXT NOT NULL
);
