import { expect, test } from 'vitest';
import type { OrderLike } from '../../hal/types';
import { seeAll, seeOne, seenAtFirst, unseen } from './seen';

const lines = (...ids: number[]) => ids.map((orderId) => ({ orderId }) as OrderLike);
const idsOf = (orders: OrderLike[]) => orders.map(({ orderId }) => orderId);

test('what was there when the board was opened is not new, what comes after it is', () => {
  const seen = seenAtFirst(lines(4, 3), undefined);
  expect(idsOf(unseen(lines(6, 5, 4, 3), seen))).toEqual([6, 5]);
  expect(unseen(lines(6), undefined)).toEqual([]);
  expect(unseen(lines(1), seenAtFirst([], undefined)).length).toBe(1);
});

test('one may be seen by itself, or all of them', () => {
  const seen = seeOne({ upTo: 4, also: [] }, 6);
  expect(idsOf(unseen(lines(6, 5), seen))).toEqual([5]);
  expect(unseen(lines(6, 5), seeAll(lines(6, 5)))).toEqual([]);
});

test('a reload silences nothing, and numbers that began anew are no news', () => {
  expect(idsOf(unseen(lines(6, 5), seenAtFirst(lines(6, 5), { upTo: 4, also: [5] })))).toEqual([6]);
  expect(unseen(lines(2, 1), seenAtFirst(lines(2, 1), { upTo: 4, also: [] }))).toEqual([]);
});
