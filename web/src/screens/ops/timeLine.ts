import type { Delivery, DeliveryStatus, OrderLike, OrderStatus, Payment, PaymentStatus } from '../../hal/types';
import type { EventType } from './flow';
import type { ServiceState } from './useOps';

export interface Moment {
  at: string;
  service: 'order' | 'payment' | 'delivery' | 'mypage';
  /** Of the order, the payment or the delivery. */
  id: number;
  what: OrderStatus | DeliveryStatus | PaymentStatus | 'requested' | 'shown';
  /** What the others were told by; some steps are nobody else's business. */
  event?: EventType;
  version?: number;
}

/** An event of the order that has not got through. */
export interface HeldUp {
  service: string;
  type: string;
  /** Its number in the outbox, or its own id once it is parked. */
  id: string;
  parked: boolean;
  reason?: string;
}

const paymentEvents = { paid: 'Paid', declined: 'PaymentFailed', refunded: 'PaymentRefunded' } as const;
const deliveryEvents = { started: 'DeliveryStarted', complete: 'DeliveryCompleted', cancelled: 'DeliveryCancelled' } as const;

/**
 * What is known of when an order, its payment and its delivery became what they are, in order of time. Services keep
 * their latest state: of a payment that was refunded, the moment it was paid is not known any more.
 */
export function timeLine(line?: OrderLike, payment?: Payment, delivery?: Delivery): Moment[] {
  const moments: Moment[] = [];
  if (line?.createdAt) moments.push({ at: line.createdAt, service: 'order', id: line.orderId, what: 'ordered', event: 'Ordered' });
  if (payment) {
    const { paymentId: id, createdAt, updatedAt, version } = payment;
    moments.push({ at: createdAt, service: 'payment', id, what: 'requested' });
    const ended = line?.paymentStatus;
    if (ended) moments.push({ at: updatedAt, service: 'payment', id, what: ended, event: paymentEvents[ended], version });
  }
  if (delivery) {
    const { deliveryId: id, createdAt, updatedAt, completedAt, status, version } = delivery;
    if (status !== 'cancelled' || createdAt !== updatedAt) {
      moments.push({ at: createdAt, service: 'delivery', id, what: 'started', event: 'DeliveryStarted' });
    }
    if (status !== 'started') moments.push({ at: completedAt ?? updatedAt, service: 'delivery', id, what: status, event: deliveryEvents[status], version });
  }
  if (line) moments.push({ at: line.updatedAt, service: 'mypage', id: line.orderId, what: 'shown', version: line.version });
  return moments.sort((a, b) => a.at.localeCompare(b.at));
}

/** What of that order waits in an outbox or was parked. Menus have numbers of their own. */
export function heldUp(order: number, services: readonly ServiceState[]): HeldUp[] {
  const ofOrder = ({ key, type }: { key: string; type: string }) => key === String(order) && !type.startsWith('Menu');
  return services.flatMap(({ service, unsent, parked }) => [
    ...unsent.filter(ofOrder).map(({ type, seq }) => ({ service, type, id: String(seq), parked: false })),
    ...parked.filter(ofOrder).map(({ type, eventId, reason }) => ({ service, type, id: eventId, parked: true, reason })),
  ]);
}
