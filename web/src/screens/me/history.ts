import { get, linkFromEntrance } from '../../hal/client';
import { follow, linkOf, listed } from '../../hal/link';
import type { Collection, OrderLike } from '../../hal/types';
import { stageOf } from '../../order/steps';

export const filters = ['all', 'ongoing', 'delivered', 'cancelled'] as const;
export type Filter = (typeof filters)[number];

export interface Part {
  lines: OrderLike[];
  /** Where it goes on; undefined at the end. */
  next: string | undefined;
}

const pageSize = 20;
/** How many pages one press looks through for what the server does not sort out itself. */
const pagesMax = 5;
const newestFirst = 'createdAt,desc';

export function passes(line: OrderLike, filter: Filter): boolean {
  const stage = stageOf(line);
  if (filter === 'all') return true;
  if (filter === 'ongoing') return stage !== 'delivered' && stage !== 'cancelled';
  return stage === filter;
}

export async function firstUrl(filter: Filter): Promise<string> {
  if (filter === 'all') return listed(await linkFromEntrance('mypages'), { page: 0, size: pageSize, sort: newestFirst });
  const search = await linkFromEntrance('mypages', 'search', 'findByStatus');
  const status = filter === 'cancelled' ? 'cancel' : 'ordered';
  return follow(search, { status, page: 0, size: pageSize, sort: newestFirst });
}

/** From there on until a page is full, the end is reached, or there was enough to look through. */
export async function partFrom(url: string, filter: Filter, signal?: AbortSignal): Promise<Part> {
  const lines: OrderLike[] = [];
  let next: string | undefined = url;
  for (let page = 0; next && page < pagesMax && lines.length < pageSize; ++page) {
    const answer: Collection<OrderLike> = await get(next, signal);
    lines.push(...(answer._embedded['mypages'] ?? []).filter((line) => passes(line, filter)));
    const link = linkOf(answer, 'next');
    next = link && follow(link);
  }
  return { lines, next };
}

/** Those that were there and those that came, each once, as it is now, newest first. */
export function merged(before: readonly OrderLike[], news: readonly OrderLike[]): OrderLike[] {
  const byId = new Map(before.map((line) => [line.orderId, line]));
  for (const line of news) {
    const known = byId.get(line.orderId);
    if (!known || known.version <= line.version) byId.set(line.orderId, line);
  }
  return [...byId.values()].sort((a, b) => b.orderId - a.orderId);
}
