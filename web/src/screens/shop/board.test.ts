import { expect, test } from 'vitest';
import type { OrderLike } from '../../hal/types';
import { boardOf, unseen } from './board';

const line = (orderId: number, members: Partial<OrderLike> = {}) =>
  ({ orderId, status: 'ordered', paymentStatus: null, deliveryStatus: null, ...members }) as OrderLike;

test('what is to be done is oldest first, what is over newest first', () => {
  const done = { deliveryStatus: 'complete' } as const;
  const board = boardOf([line(4), line(3, done), line(2), line(1, done)]);
  expect(board.waiting.map(({ orderId }) => orderId)).toEqual([2, 4]);
  expect(board.delivered.map(({ orderId }) => orderId)).toEqual([3, 1]);
  expect(board.cancelled).toEqual([]);
});

test('only what came after the last look is new', () => {
  expect(unseen([line(4), line(3)], 3).map(({ orderId }) => orderId)).toEqual([4]);
  expect(unseen([line(4)], undefined)).toEqual([]);
});
