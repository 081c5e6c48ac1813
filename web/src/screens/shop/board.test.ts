import { expect, test } from 'vitest';
import type { OrderLike } from '../../hal/types';
import { boardOf } from './board';

const line = (orderId: number, members: Partial<OrderLike> = {}) =>
  ({ orderId, status: 'ordered', paymentStatus: null, deliveryStatus: null, ...members }) as OrderLike;

test('what is to be done is oldest first, what ended last comes first', () => {
  const done = (updatedAt: string) => ({ deliveryStatus: 'complete', updatedAt }) as const;
  const board = boardOf([line(4), line(3, done('2026-11-23T12:00:00Z')), line(2), line(1, done('2026-11-23T12:30:00Z'))]);
  expect(board.waiting.map(({ orderId }) => orderId)).toEqual([2, 4]);
  expect(board.delivered.map(({ orderId }) => orderId)).toEqual([1, 3]);
  expect(board.cancelled).toEqual([]);
});
