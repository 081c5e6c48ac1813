import type { OrderLike } from '../hal/types';
import { isActive } from './steps';

/** A part of all orders, newest first. */
export interface BookPage {
  lines: OrderLike[];
  /** Whether there are older ones. */
  more: boolean;
}

export interface BookSource {
  page: (number: number, size: number) => Promise<BookPage>;
  /** As it is now; undefined while it has that version still; null when it is not there any more. */
  ifChanged: (line: OrderLike) => Promise<OrderLike | null | undefined>;
}

export interface BookSizes {
  /** How many of the newest are looked at each time. */
  latest: number;
  /** How many older ones are looked through, once. */
  older: number;
}

const olderPageSize = 1000;
/** How many of those on their way, and not among the newest, are looked at each time. */
const revisitsMax = 50;

const newest = (lines: readonly OrderLike[]) => Math.max(0, ...lines.map(({ orderId }) => orderId));
const oldest = ({ lines, more }: BookPage) => (more ? Math.min(...lines.map(({ orderId }) => orderId)) : 0);

/**
 * Every order that has not ended, however old; the newest; and those that have ended last while one looked. The newest are looked at each time.
 * Older ones are looked through once, when the book is opened and when so many came meanwhile that some were not seen;
 * of these, those on their way are then looked at one by one, and those that have ended never again.
 */
export class OrderBook {
  private readonly known = new Map<number, OrderLike>();
  private readonly askedAt = new Map<number, number>();
  private latest = new Set<number>();
  /** In the order they ended: what was on its way is to be seen to arrive, also when it is old. */
  private readonly endedNow = new Set<number>();
  private turn = 0;
  /** Every order up to that one has been looked at. */
  private lookedUpTo = 0;
  private lookingThrough = false;
  private reached: 'nothing' | 'all' | 'bound' = 'nothing';

  /** `changed` is called when there is something else to see. */
  constructor(
    private readonly source: BookSource,
    private readonly sizes: BookSizes,
    private readonly changed: (book: OrderBook) => void,
  ) {}

  /** Newest first. */
  get lines(): OrderLike[] {
    return [...this.known.values()].sort((a, b) => b.orderId - a.orderId);
  }

  /** Whether all that are on their way are in it. */
  get complete(): boolean {
    return this.reached === 'all';
  }

  /** Whether older ones are still to be looked through. */
  get looking(): boolean {
    return this.reached === 'nothing';
  }

  async look(): Promise<void> {
    const page = await this.source.page(0, this.sizes.latest);
    this.latest = new Set(page.lines.map(({ orderId }) => orderId));
    for (const line of page.lines) this.take(line);
    const from = oldest(page);
    if (from <= this.lookedUpTo + 1) {
      if (this.reached === 'nothing') this.reached = 'all';
      this.lookedUpTo = Math.max(this.lookedUpTo, newest(page.lines));
    } else if (!this.lookingThrough) {
      void this.lookThrough();
    }
    await this.revisit(from);
    this.prune();
    this.changed(this);
  }

  private take(line: OrderLike): void {
    const before = this.known.get(line.orderId);
    // Who answers may be behind who answered before.
    if (before && before.version >= line.version) return;
    if (before || isActive(line) || this.latest.has(line.orderId)) this.known.set(line.orderId, line);
    if (before && isActive(before) && !isActive(line)) this.endedNow.add(line.orderId);
  }

  private prune(): void {
    for (const id of [...this.endedNow].slice(0, -this.sizes.latest)) this.endedNow.delete(id);
    for (const [id, line] of this.known) {
      if (isActive(line) || this.latest.has(id) || this.endedNow.has(id)) continue;
      this.known.delete(id);
      this.askedAt.delete(id);
    }
  }

  /** What comes meanwhile moves orders to later pages, never to earlier ones: none is passed over. */
  private async lookThrough(): Promise<void> {
    this.lookingThrough = true;
    try {
      let upTo = 0;
      let page: BookPage = { lines: [], more: true };
      let from = Infinity;
      for (let number = 0; from > this.lookedUpTo + 1 && number * olderPageSize < this.sizes.older; ++number) {
        page = await this.source.page(number, olderPageSize);
        upTo ||= newest(page.lines);
        from = oldest(page);
        for (const line of page.lines) this.take(line);
        this.changed(this);
      }
      if (this.reached !== 'bound') this.reached = from <= this.lookedUpTo + 1 ? 'all' : 'bound';
      this.lookedUpTo = Math.max(this.lookedUpTo, upTo);
      this.changed(this);
    } catch {
      // The next look begins it again, and tells what is wrong if that lasts.
    } finally {
      this.lookingThrough = false;
    }
  }

  /** Those that were asked longest ago first. */
  private async revisit(from: number): Promise<void> {
    const turn = ++this.turn;
    const older = [...this.known.values()].filter((line) => line.orderId < from && isActive(line));
    const last = ({ orderId }: OrderLike) => this.askedAt.get(orderId) ?? 0;
    const chosen = older.sort((a, b) => last(a) - last(b)).slice(0, revisitsMax);
    for (const { orderId } of chosen) this.askedAt.set(orderId, turn);
    await Promise.all(
      chosen.map(async (line) => {
        const now = await this.source.ifChanged(line);
        if (now === null) this.known.delete(line.orderId);
        else if (now) this.take(now);
      }),
    );
  }
}
