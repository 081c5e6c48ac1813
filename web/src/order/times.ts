import { Problem, get, linkFromEntrance } from '../hal/client';
import { follow } from '../hal/link';
import type { Delivery, OrderLike, Payment } from '../hal/types';
import { mayHere } from '../session/here';
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

/** When each step was taken, as its own service says; a step whose service does not answer has no time. */
export async function timesOf(line: OrderLike, signal: AbortSignal): Promise<StepTimes> {
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
