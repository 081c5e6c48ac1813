import { expect, test } from 'vitest';
import type { Delivery, OrderEvent, OrderLike, Payment } from '../../hal/types';
import { heldUp, timeLine, type Held } from './timeLine';

const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
const line = { orderId: 7, createdAt: at(0), updatedAt: at(5), paymentStatus: 'refunded', status: 'cancel', version: 6 } as OrderLike;
const payment = { paymentId: 3, createdAt: at(1), updatedAt: at(4), version: 3 } as Payment;
const delivery = { deliveryId: 9, createdAt: at(2), updatedAt: at(3), status: 'cancelled', version: 2 } as Delivery;

const told = (type: OrderEvent['type'], service: OrderEvent['service'], second: number): OrderEvent => ({ type, service, id: `${service}-${second}`, time: at(second) });

test('every event is on the line with its id and its time, and beside them what only the service knows', () => {
  const events = [
    told('Ordered', 'order', 0), told('Paid', 'payment', 1), told('DeliveryStarted', 'delivery', 2), told('DeliveryCancelled', 'delivery', 3),
    told('OrderCancelled', 'order', 3), told('PaymentRefunded', 'payment', 4),
  ];
  expect(timeLine(line, payment, delivery, events).map(({ service, id, what, eventId, version }) => [service, id, what, eventId, version])).toEqual([
    ['order', 7, 'ordered', 'order-0', undefined],
    ['payment', 3, 'requested', undefined, undefined],
    ['payment', 3, 'paid', 'payment-1', undefined],
    ['delivery', 9, 'started', 'delivery-2', undefined],
    ['delivery', 9, 'cancelled', 'delivery-3', 2],
    ['order', 7, 'cancel', 'order-3', undefined],
    ['payment', 3, 'refunded', 'payment-4', 3],
    ['mypage', 7, 'shown', undefined, 6],
  ]);
});

test('of a line older than its steps there is what its services still know, with the events that told of it', () => {
  expect(timeLine(line, payment, delivery).map(({ service, id, what, event }) => [service, id, what, event])).toEqual([
    ['order', 7, 'ordered', 'Ordered'],
    ['payment', 3, 'requested', undefined],
    ['delivery', 9, 'started', 'DeliveryStarted'],
    ['delivery', 9, 'cancelled', 'DeliveryCancelled'],
    ['payment', 3, 'refunded', 'PaymentRefunded'],
    ['mypage', 7, 'shown', undefined],
  ]);
});

test('a delivery that was told late was complete when it says', () => {
  const late = { ...delivery, status: 'complete', updatedAt: at(9), completedAt: at(3) } as Delivery;
  expect(timeLine(undefined, undefined, late).map(({ what, at: time }) => [what, time])).toEqual([
    ['started', at(2)],
    ['complete', at(3)],
  ]);
});

test('of an order nobody knows there is nothing to tell', () => {
  expect(timeLine()).toEqual([]);
});

test('events of the order that are held up are found, and not those of a menu with its number', () => {
  const event = { group: 'order', attempts: 3, reason: 'no', parkedAt: at(0) };
  const services: Held[] = [
    { service: 'payment', unsent: [{ seq: 12, type: 'Paid', key: '7', time: at(0) }, { seq: 13, type: 'Paid', key: '8', time: at(0) }], parked: [] },
    { service: 'order', unsent: [], parked: [{ id: 1, type: 'MenuChanged', key: '7', eventId: 'm-1', ...event }, { id: 2, type: 'Paid', key: '7', eventId: 'p-1', ...event }] },
  ];
  expect(heldUp(7, services)).toEqual([
    { service: 'payment', type: 'Paid', id: '12', parked: false },
    { service: 'order', type: 'Paid', id: 'p-1', parked: true, reason: 'no' },
  ]);
});
