import type { Delivery, DeliveryStatus, OrderEvent, OrderLike, OrderStatus, Payment, PaymentStatus, StepEvent } from '../../hal/types';
import type { ServiceState } from './fleet';

export interface Moment {
  at: string;
  service: 'order' | 'payment' | 'delivery' | 'mypage';
  /** Of the order, the payment or the delivery. */
  id: number;
  what: OrderStatus | DeliveryStatus | PaymentStatus | 'requested' | 'shown';
  /** What the others were told by; some steps are nobody else's business. */
  event?: StepEvent;
  /** The event's own id, where it is known. */
  eventId?: string;
  version?: number;
}

/** Events of a service that have not got through. */
export type Held = Pick<ServiceState, 'service' | 'unsent' | 'parked'>;

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

const told: Record<StepEvent, Moment['what']> = {
  Ordered: 'ordered',
  OrderCancelled: 'cancel',
  Paid: 'paid',
  PaymentFailed: 'declined',
  PaymentRefunded: 'refunded',
  DeliveryStarted: 'started',
  DeliveryCompleted: 'complete',
  DeliveryCancelled: 'cancelled',
};

/**
 * One order across the services, in order of time: each event with its id, and what is nobody else's business. Of a
 * line that is older than its steps there is what the services still know, which is their latest state.
 */
export function timeLine(line?: OrderLike, payment?: Payment, delivery?: Delivery, events: readonly OrderEvent[] = []): Moment[] {
  const latest = latestMoments(line, payment, delivery);
  const known = new Set<string | undefined>(events.map(({ type }) => type));
  const ids = { order: line?.orderId, payment: payment?.paymentId ?? line?.paymentId, delivery: delivery?.deliveryId ?? line?.deliveryId };
  const moments: Moment[] = events.map(({ type, id, service, time }) => {
    const version = latest.find(({ event }) => event === type)?.version;
    return { at: time, service, id: ids[service] ?? 0, what: told[type], event: type, eventId: id, ...(version && { version }) };
  });
  // What begins a payment comes before what is told of it, also in the same millisecond.
  const others = latest.filter(({ event }) => !known.has(event));
  const begun = others.filter(({ what }) => what === 'requested');
  const first = moments.splice(0, 1);
  return [...first, ...begun, ...moments, ...others.filter((moment) => !begun.includes(moment))].sort((a, b) => a.at.localeCompare(b.at));
}

function latestMoments(line?: OrderLike, payment?: Payment, delivery?: Delivery): Moment[] {
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
  return moments;
}

/** What of that order waits in an outbox or was parked. Menus have numbers of their own. */
export function heldUp(order: number, services: readonly Held[]): HeldUp[] {
  const ofOrder = ({ key, type }: { key: string; type: string }) => key === String(order) && !type.startsWith('Menu');
  return services.flatMap(({ service, unsent, parked }) => [
    ...unsent.filter(ofOrder).map(({ type, seq }) => ({ service, type, id: String(seq), parked: false })),
    ...parked.filter(ofOrder).map(({ type, eventId, reason }) => ({ service, type, id: eventId, parked: true, reason })),
  ]);
}
