import { Problem, get, linkFromEntrance } from '../hal/client';
import { follow } from '../hal/link';
import type { Delivery, OrderEvent, OrderLike, Payment, StepEvent } from '../hal/types';
import { mayHere } from '../session/here';
import { eventsOf } from './events';
import { stageOf, type StepName } from './steps';

export type StepTimes = Partial<Record<StepName, string>>;

async function ofOrder<R>(collection: string, order: number, signal: AbortSignal): Promise<R | undefined> {
  try {
    return await get<R>(follow(await linkFromEntrance(collection, 'search', 'findByOrderId'), { orderId: order }), signal);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

const stepToldBy: Record<StepEvent, StepName> = {
  Ordered: 'ordered',
  Paid: 'paid',
  PaymentFailed: 'declined',
  DeliveryStarted: 'onTheWay',
  DeliveryCompleted: 'delivered',
  DeliveryCancelled: 'cancelled',
  OrderCancelled: 'cancelled',
  PaymentRefunded: 'refunded',
};

/** When each step was taken, by the events that told it. Of two that tell the same, the first counts. */
export function eventTimes(events: readonly OrderEvent[]): StepTimes {
  const times: StepTimes = {};
  for (const { type, time } of events) times[stepToldBy[type]] ??= time;
  return times;
}

/**
 * When each step was taken. Where the line does not tell, because it is older than its steps or because it is the
 * order itself, the services are asked for the latest of theirs; a step whose service does not answer has no time.
 */
export async function timesOf(line: OrderLike, signal: AbortSignal): Promise<StepTimes> {
  const told = eventTimes(await eventsOf(line, signal));
  return told.ordered ? told : { ...(await latestTimes(line, signal)), ...told };
}

async function latestTimes(line: OrderLike, signal: AbortSignal): Promise<StepTimes> {
  const [payment, delivery] = await Promise.all([
    mayHere('seePayments') ? ofOrder<Payment>('payments', line.orderId, signal) : undefined,
    mayHere('deliver') ? ofOrder<Delivery>('deliveries', line.orderId, signal) : undefined,
  ]);
  return stepTimes(line, payment, delivery);
}

/** The step that an order's latest change was, with the time of that change: what whoever may see no more than the line knows. */
export function latestStep(line: OrderLike): StepTimes {
  const stage = stageOf(line);
  if (stage === 'waiting') return {};
  return { [stage === 'cancelled' && line.paymentStatus === 'refunded' ? 'refunded' : stage]: line.updatedAt };
}

export function stepTimes(line: OrderLike, payment?: Payment, delivery?: Delivery): StepTimes {
  const times: StepTimes = {};
  const put = (step: StepName, time: string | null | undefined) => {
    if (time) times[step] = time;
  };
  put('ordered', line.createdAt);
  if (line.paymentStatus === 'paid') put('paid', payment?.updatedAt);
  if (line.paymentStatus === 'declined') put('declined', payment?.updatedAt);
  if (line.paymentStatus === 'refunded') put('refunded', payment?.updatedAt);
  if (line.deliveryStatus === 'started') put('onTheWay', delivery?.createdAt);
  if (line.deliveryStatus === 'complete') {
    put('onTheWay', delivery?.createdAt);
    put('delivered', delivery?.completedAt ?? delivery?.updatedAt);
  }
  if (line.status === 'cancel' || line.deliveryStatus === 'cancelled') put('cancelled', delivery?.updatedAt);
  return times;
}
