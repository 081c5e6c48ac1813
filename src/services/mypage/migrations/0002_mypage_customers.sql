-- Whose an order is; without a row it is nobody's, as every order was before.
CREATE TABLE mypage_customers (
  id BIGINT NOT NULL PRIMARY KEY,
  customer TEXT NOT NULL
);
CREATE INDEX mypage_customers_customer ON mypage_customers (customer);
