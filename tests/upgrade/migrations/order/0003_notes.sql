-- works with: 2
ALTER TABLE orders ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN weight BIGINT;
CREATE INDEX orders_weight ON orders (weight);
