CREATE TABLE orders (
  id BIGINT NOT NULL PRIMARY KEY,
  menu_id BIGINT NOT NULL,
  menu_name TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  status TEXT NOT NULL,
  delivery_status TEXT,
  delivery_id BIGINT,
  amount BIGINT,
  currency TEXT NOT NULL,
  payment_id BIGINT,
  payment_status TEXT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX orders_menu_id ON orders (menu_id);
CREATE INDEX orders_quantity ON orders (quantity);
CREATE INDEX orders_status ON orders (status);

CREATE TABLE menu_replica (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  price BIGINT,
  currency TEXT NOT NULL,
  sold_out BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  version BIGINT NOT NULL
);
