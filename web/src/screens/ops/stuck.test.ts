import { expect, test } from 'vitest';
import type { Instance } from './fleet';
import { stuckAmong, whoKnows, type WaitingOrder } from './stuck';

const now = Date.parse('2026-01-01T12:00:00Z');
const waiting = (orderId: number, createdAt: string, waitsFor: WaitingOrder['waitsFor'] = 'payment'): WaitingOrder => ({ orderId, menuNm: 'Gimbap', waitsFor, createdAt });

test('orders that have waited a minute are stuck, the oldest first, whoever tells of them', () => {
  const first = waiting(1, '2026-01-01T11:50:00Z');
  const found = stuckAmong([waiting(3, '2026-01-01T11:58:59Z', 'delivery'), first, waiting(4, '2026-01-01T11:59:30Z'), first], now);
  expect(found.map(({ orderId, waitsFor }) => [orderId, waitsFor])).toEqual([[1, 'payment'], [3, 'delivery']]);
});

test('only views that see an order wait are asked which', () => {
  const view = (instance: string, seconds: number): Instance => ({
    instance,
    services: ['mypage'],
    available: true,
    states: [],
    _links: { 'waiting-orders': { href: `http://localhost/actuator/fleet/${instance}/waiting-orders` } },
    now: { at: 0, samples: [{ name: 'baedal_orders_waiting_oldest_age_seconds', labels: {}, value: seconds }] },
  });
  expect(whoKnows([view('a', 0.4), view('b', 70), view('c', Number.NaN)])).toEqual(['http://localhost/actuator/fleet/b/waiting-orders']);
});
