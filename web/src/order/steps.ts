import type { OrderLike } from '../hal/types';

export type StepName = 'ordered' | 'paid' | 'onTheWay' | 'delivered' | 'declined' | 'cancelled' | 'refunded';
export type StepState = 'done' | 'now' | 'next';

export interface Step {
  name: StepName;
  state: StepState;
}

export type Stage = 'waiting' | 'paid' | 'onTheWay' | 'delivered' | 'cancelled';

type States = Pick<OrderLike, 'status' | 'deliveryStatus' | 'paymentStatus'>;

/** Where an order is, in one word. */
export function stageOf({ status, deliveryStatus, paymentStatus }: States): Stage {
  if (deliveryStatus === 'complete') return 'delivered';
  if (status === 'cancel' || deliveryStatus === 'cancelled' || paymentStatus === 'declined') return 'cancelled';
  if (deliveryStatus === 'started') return 'onTheWay';
  return paymentStatus === 'paid' ? 'paid' : 'waiting';
}

export function isActive(order: States): boolean {
  const stage = stageOf(order);
  return stage !== 'delivered' && stage !== 'cancelled';
}

/** Whether nothing is to come any more: what was paid of a cancelled order is still to be given back. */
export function isOver(order: States): boolean {
  return stageOf(order) === 'delivered' || (!isActive(order) && (order.paymentStatus === 'declined' || order.paymentStatus === 'refunded'));
}

/**
 * The way of an order: what was, what is, what comes. The delivery has no price to wait for where nothing is paid.
 * `wasOnTheWay`: what a cancelled order itself does not tell any more.
 */
export function stepsOf(order: States, wasOnTheWay = false): Step[] {
  const { paymentStatus } = order;
  const stage = stageOf(order);
  if (stage !== 'cancelled') return onItsWay(stage);
  if (paymentStatus === 'declined') return done('ordered', 'declined', 'cancelled');
  const wasPaid = paymentStatus === 'paid' || paymentStatus === 'refunded';
  if (!wasPaid) return done('ordered', 'cancelled');
  const before = done('ordered', 'paid', ...(wasOnTheWay ? (['onTheWay'] as const) : []), 'cancelled');
  return [...before, { name: 'refunded', state: paymentStatus === 'refunded' ? 'done' : 'now' }];
}

function done(...names: StepName[]): Step[] {
  return names.map((name) => ({ name, state: 'done' }));
}

function onItsWay(stage: Stage): Step[] {
  const names: StepName[] = ['ordered', 'paid', 'onTheWay', 'delivered'];
  const reached = { waiting: 0, paid: 1, onTheWay: 2, delivered: 3, cancelled: 0 }[stage];
  return names.map((name, index) => {
    if (index <= reached && !(name === 'onTheWay' && stage === 'onTheWay')) return { name, state: 'done' };
    const present = stage === 'onTheWay' ? 2 : reached + 1;
    return { name, state: index === present ? 'now' : 'next' };
  });
}

export type CancelBlock = 'delivered' | 'cancelled';

/** Why an order cannot be cancelled now; undefined when it can. */
export function cancelBlock(order: States): CancelBlock | undefined {
  const stage = stageOf(order);
  return stage === 'delivered' || stage === 'cancelled' ? stage : undefined;
}
