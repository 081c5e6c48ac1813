import { get, linkFromEntrance } from '../../hal/client';
import { listed, follow } from '../../hal/link';
import type { Collection, OrderLike } from '../../hal/types';
import { stageOf } from '../../order/steps';

/** An order without its delivery for so long is stuck. */
export const stuckSeconds = 60;
const shownMax = 50;

export interface StuckOrder {
  orderId: number;
  menuNm: string | null;
  /** What has not come yet. */
  waitsFor: 'payment' | 'delivery';
  since: string;
}

/** Of those lines, the orders that have waited too long; the oldest first. */
export function stuckAmong(lines: readonly OrderLike[], now: number): StuckOrder[] {
  return lines
    .filter((line) => line.deliveryId === null && line.createdAt !== null && ['waiting', 'paid'].includes(stageOf(line)))
    .map(({ orderId, menuNm, paymentStatus, createdAt }) => ({ orderId, menuNm, waitsFor: paymentStatus ? ('delivery' as const) : ('payment' as const), since: createdAt ?? '' }))
    .filter(({ since }) => now - Date.parse(since) >= stuckSeconds * 1000)
    .sort((a, b) => a.since.localeCompare(b.since));
}

/** The view sorts orders without a delivery first. */
export async function stuckNow(): Promise<StuckOrder[]> {
  const link = await linkFromEntrance('mypages', 'search', 'findByStatus');
  const found = { ...link, href: follow(link, { status: 'ordered' }), templated: false };
  const { _embedded } = await get<Collection<OrderLike>>(listed(found, { size: shownMax, sort: 'deliveryId,asc' }));
  return stuckAmong(_embedded['mypages'] ?? [], Date.now());
}
