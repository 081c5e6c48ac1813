import { get, linkFromEntrance } from '../../hal/client';
import { listed } from '../../hal/link';
import type { Collection, OrderLike } from '../../hal/types';
import { stageOf } from '../../order/steps';

/** An order without its delivery for so long is stuck. */
export const stuckSeconds = 60;
/** No order waits for so long while all is well. */
export const suspiciousSeconds = 2;
const shownMax = 50;
const pageSize = 200;
const pagesMax = 10;

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

/**
 * The view has the lines without a delivery first, by an index; so the cost is the same at any size. Those that were
 * cancelled before they had one stay there for ever: behind more of them than this looks through, nothing is found.
 */
export async function stuckNow(): Promise<StuckOrder[]> {
  const link = await linkFromEntrance('mypages');
  const found: StuckOrder[] = [];
  for (let page = 0; page < pagesMax && found.length < shownMax; ++page) {
    const { _embedded } = await get<Collection<OrderLike>>(listed(link, { page, size: pageSize, sort: 'deliveryId,asc' }));
    const lines = _embedded['mypages'] ?? [];
    found.push(...stuckAmong(lines, Date.now()));
    if (lines.length < pageSize || lines.at(-1)?.deliveryId !== null) break;
  }
  return found.sort((a, b) => a.since.localeCompare(b.since)).slice(0, shownMax);
}
