-- What a POST /orders writes, as pgbench does it: the order's row and its event, in one transaction.
-- The event is a constant: building it costs the peer nothing. pgbench takes a colon
-- before a letter or digit for a variable: hence the spaces in it, and the dots in its time.
\set now 1764000000000000
BEGIN;
INSERT INTO orders (id, menu_id, menu_name, quantity, status, delivery_status, delivery_id, amount,
    currency, payment_id, payment_status, version, created_at, updated_at)
  VALUES (nextval('order_ids'), 1, 'Gimbab', 2, 'ordered', NULL, NULL, 7000,
    'KRW', NULL, NULL, 1, :now, :now);
INSERT INTO outbox (type, key, time, data, traceparent)
  VALUES ('Ordered', '100000', :now, '{"eventType": "Ordered","timestamp": "20251124160000","id": 100000,"menuId": 1,"menuNm": "Gimbab","qty": 2,"status": "ordered","deliveryStatus": null,"deliveryId": null,"amount": 7000,"currency": "KRW","paymentStatus": null,"paymentId": null,"version": 1,"createdAt": "2025-11-24T16.00.00.000Z","me": true}', '');
COMMIT;
