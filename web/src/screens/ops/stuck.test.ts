import { expect, test } from 'vitest';
import type { OrderLike } from '../../hal/types';
import { stuckAmong } from './stuck';

const now = Date.parse('2026-01-01T12:00:00Z');
const line = (orderId: number, at: string, more: Partial<OrderLike> = {}) =>
  ({ orderId, menuNm: 'Gimbap', status: 'ordered', deliveryId: null, deliveryStatus: null, paymentStatus: null, createdAt: at, ...more }) as OrderLike;

test('orders that have waited a minute for their payment or delivery are stuck, the oldest first', () => {
  const found = stuckAmong(
    [line(3, '2026-01-01T11:58:59Z', { paymentStatus: 'paid' }), line(1, '2026-01-01T11:50:00Z'), line(4, '2026-01-01T11:59:30Z')],
    now,
  );
  expect(found.map(({ orderId, waitsFor }) => [orderId, waitsFor])).toEqual([[1, 'payment'], [3, 'delivery']]);
});

test('what has ended, or is on its way, is not stuck', () => {
  const old = '2026-01-01T10:00:00Z';
  const lines = [
    line(1, old, { status: 'cancel' }),
    line(2, old, { paymentStatus: 'declined' }),
    line(3, old, { deliveryId: 3, deliveryStatus: 'started', paymentStatus: 'paid' }),
    line(4, old, { createdAt: null }),
  ];
  expect(stuckAmong(lines, now)).toEqual([]);
});
