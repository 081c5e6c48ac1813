/** What the API tells, as HAL: the members that these pages use. Times are ISO 8601, amounts are minor units. */

export interface Link {
  href: string;
  templated?: boolean;
}

export interface Resource {
  _links: Record<string, Link | Link[]>;
}

export interface Collection<Item extends Resource> extends Resource {
  _embedded: Record<string, Item[]>;
  page?: { size: number; totalElements: number; totalPages: number; number: number };
}

export interface Menu extends Resource {
  menuId: number;
  menuNm: string;
  price: number | null;
  currency: string;
  soldOut: boolean;
  version: number;
  createdAt: string;
}

export type OrderStatus = 'ordered' | 'cancel';
export type DeliveryStatus = 'started' | 'complete' | 'cancelled';
export type PaymentStatus = 'paid' | 'declined' | 'refunded';

/** What an order and its line of my page have in common. */
export interface OrderLike extends Resource {
  orderId: number;
  menuId: number | null;
  menuNm: string | null;
  qty: number | null;
  status: OrderStatus | null;
  deliveryId: number | null;
  deliveryStatus: DeliveryStatus | null;
  amount: number | null;
  currency: string | null;
  paymentId: number | null;
  paymentStatus: PaymentStatus | null;
  version: number;
  createdAt: string | null;
  updatedAt: string;
}

/** What an order, its payment and its delivery tell the others by. */
export type StepEvent =
  | 'Ordered' | 'OrderCancelled'
  | 'Paid' | 'PaymentFailed' | 'PaymentRefunded'
  | 'DeliveryStarted' | 'DeliveryCompleted' | 'DeliveryCancelled';

/** A step of an order: the event that told it. */
export interface OrderEvent {
  type: StepEvent;
  id: string;
  service: 'order' | 'payment' | 'delivery';
  time: string;
}

export interface OrderEvents extends Resource {
  _embedded: { events: OrderEvent[] };
}

export interface Delivery extends Resource {
  deliveryId: number;
  orderId: number;
  status: DeliveryStatus;
  version: number;
  createdAt: string;
  updatedAt: string;
  /** When the food was there; null unless it is complete. */
  completedAt?: string | null;
}

export interface Payment extends Resource {
  paymentId: number;
  orderId: number;
  amount: number;
  currency: string;
  status: string;
  version: number;
  createdAt: string;
  updatedAt: string;
}
