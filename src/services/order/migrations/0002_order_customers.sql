-- Whose an order is; without a row it is nobody's, as every order was before.
CREATE TABLE order_customers (
  id BIGINT NOT NULL PRIMARY KEY,
  customer TEXT NOT NULL
);
CREATE INDEX order_customers_customer ON order_customers (customer);
