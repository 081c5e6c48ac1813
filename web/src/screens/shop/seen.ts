import type { OrderLike } from '../../hal/types';

/** What the shop has seen: every order up to one, and some after it. */
export interface Seen {
  upTo: number;
  also: number[];
}

const remembered = 'baedal.shop.seen';

const newest = (lines: readonly OrderLike[]) => Math.max(0, ...lines.map(({ orderId }) => orderId));

/** In this window, so that a reload silences nothing. */
export const windowSeen = {
  read(): Seen | undefined {
    try {
      const kept = JSON.parse(sessionStorage.getItem(remembered) ?? 'null') as Partial<Seen> | null;
      return typeof kept?.upTo === 'number' && Array.isArray(kept.also) ? (kept as Seen) : undefined;
    } catch {
      return undefined;
    }
  },
  write(seen: Seen): void {
    sessionStorage.setItem(remembered, JSON.stringify(seen));
  },
};

/** What was there when the board was opened is not news; nor is anything where orders are counted anew since. */
export function seenAtFirst(lines: readonly OrderLike[], kept: Seen | undefined): Seen {
  const upTo = newest(lines);
  return kept && kept.upTo <= upTo ? kept : { upTo, also: [] };
}

export function seeAll(lines: readonly OrderLike[]): Seen {
  return { upTo: newest(lines), also: [] };
}

export function seeOne({ upTo, also }: Seen, orderId: number): Seen {
  return { upTo, also: [...also, orderId] };
}

export function unseen(lines: readonly OrderLike[], seen: Seen | undefined): OrderLike[] {
  return seen ? lines.filter(({ orderId }) => orderId > seen.upTo && !seen.also.includes(orderId)) : [];
}
