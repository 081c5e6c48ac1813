CREATE TABLE menus (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  price BIGINT,
  currency TEXT NOT NULL,
  sold_out BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX menus_name ON menus (name);
CREATE INDEX menus_price ON menus (price);
