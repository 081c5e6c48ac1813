-- works with: 2
-- What an order has gone through; null in the lines of before.
ALTER TABLE mypages ADD COLUMN steps TEXT;
