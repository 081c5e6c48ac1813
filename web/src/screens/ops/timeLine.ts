import type { Delivery, DeliveryStatus, OrderLike, OrderStatus, Payment, PaymentStatus } from '../../hal/types';

export interface Moment {
  at: string;
  service: 'order' | 'payment' | 'delivery';
  id: number;
  what: OrderStatus | DeliveryStatus | PaymentStatus;
}

/** What is known of when an order, its payment and its delivery became what they are, in order of time. */
export function timeLine(line?: OrderLike, payment?: Payment, delivery?: Delivery): Moment[] {
  const moments: Moment[] = [];
  if (line?.createdAt) moments.push({ at: line.createdAt, service: 'order', id: line.orderId, what: 'ordered' });
  if (payment && line?.paymentStatus) moments.push({ at: payment.updatedAt, service: 'payment', id: payment.paymentId, what: line.paymentStatus });
  if (delivery) {
    const { deliveryId: id, createdAt, updatedAt, status } = delivery;
    if (status !== 'cancelled' || createdAt !== updatedAt) moments.push({ at: createdAt, service: 'delivery', id, what: 'started' });
    if (status !== 'started') moments.push({ at: updatedAt, service: 'delivery', id, what: status });
  }
  return moments.sort((a, b) => a.at.localeCompare(b.at));
}
