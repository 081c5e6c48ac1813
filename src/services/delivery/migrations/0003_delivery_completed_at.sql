-- works with: 2
-- When the food was there, which may be told later; empty: nobody has said so, or nobody kept it.
ALTER TABLE deliveries ADD COLUMN completed_at BIGINT;
