import { expect, test } from 'vitest';
import type { Delivery, OrderEvent, OrderLike, Payment } from '../hal/types';
import { eventTimes, latestStep, stepTimes } from './times';

const line = (states: Partial<OrderLike>) =>
  ({ orderId: 1, status: 'ordered', deliveryStatus: null, paymentStatus: null, createdAt: 'T0', updatedAt: 'T9', ...states }) as OrderLike;

test('each step has the time of the event that told it, also after the money went back', () => {
  const told = (type: OrderEvent['type'], time: string) => ({ type, time, id: `e-${time}`, service: 'order' }) as OrderEvent;
  const story = [told('Ordered', 'T0'), told('Paid', 'T1'), told('DeliveryStarted', 'T2')];
  expect(eventTimes([...story, told('DeliveryCompleted', 'T3')])).toEqual({ ordered: 'T0', paid: 'T1', onTheWay: 'T2', delivered: 'T3' });
  // The delivery decides; the order says so afterwards.
  expect(eventTimes([...story, told('DeliveryCancelled', 'T3'), told('OrderCancelled', 'T4'), told('PaymentRefunded', 'T5')]))
    .toEqual({ ordered: 'T0', paid: 'T1', onTheWay: 'T2', cancelled: 'T3', refunded: 'T5' });
  expect(eventTimes([])).toEqual({});
});

test('each step has the time its own service gives', () => {
  const payment = { updatedAt: 'T1' } as Payment;
  const delivery = { createdAt: 'T2', updatedAt: 'T3' } as Delivery;
  const delivered = line({ paymentStatus: 'paid', deliveryStatus: 'complete' });
  expect(stepTimes(delivered, payment, delivery)).toEqual({ ordered: 'T0', paid: 'T1', onTheWay: 'T2', delivered: 'T3' });
  const toldLate = { ...delivery, completedAt: 'T2½' };
  expect(stepTimes(delivered, payment, toldLate).delivered).toBe('T2½');
});

test('the latest step has the time of the latest change, for who may see nothing else', () => {
  expect(latestStep(line({}))).toEqual({});
  expect(latestStep(line({ paymentStatus: 'paid' }))).toEqual({ paid: 'T9' });
  expect(latestStep(line({ paymentStatus: 'paid', deliveryStatus: 'started' }))).toEqual({ onTheWay: 'T9' });
  expect(latestStep(line({ paymentStatus: 'paid', deliveryStatus: 'complete' }))).toEqual({ delivered: 'T9' });
  expect(latestStep(line({ status: 'cancel', paymentStatus: 'refunded', deliveryStatus: 'cancelled' }))).toEqual({ refunded: 'T9' });
  expect(latestStep(line({ status: 'cancel' }))).toEqual({ cancelled: 'T9' });
});
