/** The event types that each service tells, as `api/asyncapi.yaml` has them. */
export const told = {
  menu: ['MenuCreated', 'MenuChanged', 'MenuDeleted'],
  order: ['Ordered', 'OrderCancelled'],
  payment: ['Paid', 'PaymentFailed', 'PaymentRefunded'],
  delivery: ['DeliveryStarted', 'DeliveryCompleted', 'DeliveryCancelled'],
} as const;

export type Teller = keyof typeof told;
export type EventType = (typeof told)[Teller][number];

export interface Box {
  service: Teller | 'mypage';
  /** Its left upper corner. */
  x: number;
  y: number;
}

export const boxWide = 130;
export const boxHigh = 64;
export const noteWide = 155;
export const noteHigh = 19;

export const boxes: Box[] = [
  { service: 'menu', x: 14, y: 73 },
  { service: 'order', x: 300, y: 73 },
  { service: 'payment', x: 590, y: 73 },
  { service: 'delivery', x: 878, y: 73 },
  { service: 'mypage', x: 590, y: 330 },
];

/** What somebody asks for, by a request; the blue notes of event storming. */
export interface Command {
  into: Teller;
  method: string;
  uri: string;
}

export const commands: Command[] = [
  { into: 'menu', method: 'POST', uri: '/menus' },
  { into: 'order', method: 'POST', uri: '/orders' },
  { into: 'delivery', method: 'PATCH', uri: '/deliveries/{id}' },
];

/** An arrow with the events that go along it; the orange notes of event storming. */
export interface Arrow {
  path: string;
  from: Teller;
  events: readonly EventType[];
  /** The left upper corner of its first note; the others stand below. */
  notes?: [number, number];
}

const rowDown = 22;
export const noteAt = ([x, y]: [number, number], index: number): [number, number] => [x, y + index * rowDown];

export const arrows: Arrow[] = [
  { path: 'M144 92H298', from: 'menu', events: told.menu, notes: [145, 103] },
  { path: 'M430 92H588', from: 'order', events: told.order, notes: [432, 40] },
  { path: 'M720 92H878', from: 'payment', events: ['Paid', 'PaymentFailed'], notes: [722, 40] },
  { path: 'M590 120H432', from: 'payment', events: told.payment, notes: [432, 131] },
  { path: 'M900 137V252Q900 262 890 262H395Q385 262 385 252V139', from: 'delivery', events: told.delivery, notes: [736, 187] },
  { path: 'M340 137V352Q340 362 350 362H588', from: 'order', events: told.order },
  { path: 'M655 137V328', from: 'payment', events: told.payment },
  { path: 'M960 137V352Q960 362 950 362H722', from: 'delivery', events: told.delivery },
];
