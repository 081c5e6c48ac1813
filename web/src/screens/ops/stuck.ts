import { get } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import type { Instance } from './fleet';
import { oldestWaiting } from './merge';

/** An order without its delivery for so long is stuck. */
export const stuckSeconds = 60;
/** No order waits for so long while all is well. */
const suspiciousSeconds = 2;

export interface WaitingOrder {
  orderId: number;
  menuNm: string;
  /** What has not come yet. */
  waitsFor: 'payment' | 'delivery';
  createdAt: string;
}

/** Where to ask which orders wait: of those who see one wait for longer than it should, so nobody while all is well. */
export function whoKnows(instances: readonly Instance[]): string[] {
  return instances
    .filter((instance) => oldestWaiting([instance]) >= suspiciousSeconds)
    .flatMap((instance) => linkOf(instance, 'waiting-orders') ?? [])
    .map(({ href }) => href);
}

/** The orders that have waited too long, each once, the oldest first. */
export function stuckAmong(waiting: readonly WaitingOrder[], now: number): WaitingOrder[] {
  const late = waiting.filter(({ createdAt }) => now - Date.parse(createdAt) >= stuckSeconds * 1000);
  const each = new Map(late.map((order) => [order.orderId, order]));
  return [...each.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Every view knows all orders; of several, one that answers is enough. */
export async function stuckNow(addresses: readonly string[]): Promise<WaitingOrder[]> {
  const answers = await Promise.allSettled(addresses.map((href) => get<{ waitingOrders: WaitingOrder[] }>(follow({ href }))));
  const told = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value.waitingOrders : []));
  const failed = answers.find((one) => one.status === 'rejected');
  if (failed && answers.every(({ status }) => status === 'rejected')) throw failed.reason;
  return stuckAmong(told, Date.now());
}
