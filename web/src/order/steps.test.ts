import { expect, test } from 'vitest';
import { cancelBlock, isActive, isOver, stageOf, stepsOf } from './steps';
import type { DeliveryStatus, OrderStatus, PaymentStatus } from '../hal/types';

const order = (status: OrderStatus | null, paymentStatus: PaymentStatus | null, deliveryStatus: DeliveryStatus | null) => ({
  status,
  paymentStatus,
  deliveryStatus,
});
const words = (states: ReturnType<typeof order>) => stepsOf(states).map(({ name, state }) => `${name}:${state}`);

test('an order on its way shows what was, what is and what comes', () => {
  expect(words(order('ordered', null, null))).toEqual(['ordered:done', 'paid:now', 'onTheWay:next', 'delivered:next']);
  expect(words(order('ordered', 'paid', null))).toEqual(['ordered:done', 'paid:done', 'onTheWay:now', 'delivered:next']);
  expect(words(order('ordered', 'paid', 'started'))).toEqual(['ordered:done', 'paid:done', 'onTheWay:now', 'delivered:next']);
  expect(words(order('ordered', 'paid', 'complete'))).toEqual(['ordered:done', 'paid:done', 'onTheWay:done', 'delivered:done']);
});

test('nothing is to come of an order that is delivered, or whose money is back', () => {
  expect(isOver(order('ordered', 'paid', 'complete'))).toBe(true);
  expect(isOver(order('cancel', 'refunded', 'cancelled'))).toBe(true);
  expect(isOver(order('cancel', 'paid', 'cancelled'))).toBe(false);
  expect(isOver(order('ordered', 'paid', 'started'))).toBe(false);
});

test('a cancelled order says what became of the money', () => {
  expect(words(order('cancel', 'paid', 'cancelled'))).toEqual(['ordered:done', 'paid:done', 'cancelled:done', 'refunded:now']);
  expect(words(order('cancel', 'refunded', 'cancelled'))).toEqual(['ordered:done', 'paid:done', 'cancelled:done', 'refunded:done']);
  expect(stepsOf(order('cancel', 'refunded', 'cancelled'), true).map(({ name }) => name)).toEqual(['ordered', 'paid', 'onTheWay', 'cancelled', 'refunded']);
  expect(words(order('cancel', null, 'cancelled'))).toEqual(['ordered:done', 'cancelled:done']);
  expect(words(order('cancel', 'declined', 'cancelled'))).toEqual(['ordered:done', 'declined:done', 'cancelled:done']);
});

test('events that came in another order mean the same', () => {
  expect(stageOf(order('ordered', null, 'started'))).toBe('onTheWay');
  expect(stageOf(order(null, 'paid', 'complete'))).toBe('delivered');
  expect(stageOf(order('ordered', 'declined', null))).toBe('cancelled');
  expect(stageOf(order(null, null, null))).toBe('waiting');
});

test('only what is neither delivered nor cancelled is active, and can be cancelled', () => {
  expect(isActive(order('ordered', 'paid', 'started'))).toBe(true);
  expect(cancelBlock(order('ordered', 'paid', 'started'))).toBeUndefined();
  expect(cancelBlock(order('ordered', 'paid', 'complete'))).toBe('delivered');
  expect(cancelBlock(order('cancel', 'refunded', 'cancelled'))).toBe('cancelled');
});
