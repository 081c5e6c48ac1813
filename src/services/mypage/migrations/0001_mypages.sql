CREATE TABLE mypages (
  id BIGINT NOT NULL PRIMARY KEY,
  menu_id BIGINT,
  menu_name TEXT,
  quantity BIGINT,
  amount BIGINT,
  currency TEXT,
  created_at BIGINT,
  status TEXT,
  delivery_id BIGINT,
  delivery_status TEXT,
  payment_id BIGINT,
  payment_status TEXT,
  updated_at BIGINT NOT NULL
);
CREATE INDEX mypages_status ON mypages (status);
CREATE INDEX mypages_delivery_id ON mypages (delivery_id);

CREATE TABLE view_lineage (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL
);
