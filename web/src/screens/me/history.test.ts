import { expect, test } from 'vitest';
import type { OrderLike } from '../../hal/types';
import { merged, passes } from './history';

const line = (orderId: number, version: number, members: Partial<OrderLike> = {}) =>
  ({ orderId, version, status: 'ordered', paymentStatus: null, deliveryStatus: null, ...members }) as OrderLike;

test('parts are put together newest first, each order once, as it is now', () => {
  const lines = merged([line(1, 1), line(3, 3)], [line(3, 2), line(2, 1), line(1, 4)]);
  expect(lines.map(({ orderId, version }) => [orderId, version])).toEqual([[3, 3], [2, 1], [1, 4]]);
});

test('each filter lets its own pass', () => {
  const delivered = line(1, 4, { deliveryStatus: 'complete' });
  const cancelled = line(2, 4, { status: 'cancel' });
  const ongoing = line(3, 1);
  const passing = (filter: Parameters<typeof passes>[1]) => [delivered, cancelled, ongoing].filter((one) => passes(one, filter)).map(({ orderId }) => orderId);
  expect(passing('all')).toEqual([1, 2, 3]);
  expect(passing('delivered')).toEqual([1]);
  expect(passing('cancelled')).toEqual([2]);
  expect(passing('ongoing')).toEqual([3]);
});
