import { expect, test, vi } from 'vitest';
import type { OrderLike } from '../hal/types';
import { OrderBook, type BookSource } from './orderBook';

const line = (orderId: number, members: Partial<OrderLike> = {}) =>
  ({ orderId, version: 1, status: 'ordered', paymentStatus: null, deliveryStatus: null, ...members }) as OrderLike;
const ended = { deliveryStatus: 'complete', version: 4 } as const;

/** A shop with orders 1 to `count`, of which only those named have not ended. */
function shop(count: number, ...active: number[]) {
  const orders = new Map(Array.from({ length: count }, (_, at) => [at + 1, line(at + 1, active.includes(at + 1) ? {} : ended)]));
  const asked: string[] = [];
  const source: BookSource = {
    async page(number, size) {
      asked.push(`page ${number} of ${size}`);
      const all = [...orders.values()].sort((a, b) => b.orderId - a.orderId);
      return { lines: all.slice(number * size, (number + 1) * size), more: (number + 1) * size < all.length };
    },
    async ifChanged({ orderId, version }) {
      asked.push(`order ${orderId}`);
      const now = orders.get(orderId);
      return now ? (now.version === version ? undefined : now) : null;
    },
  };
  const changed = vi.fn();
  const add = (orderId: number, members: Partial<OrderLike> = {}) => void orders.set(orderId, line(orderId, members));
  const book = new OrderBook(source, { latest: 100, older: 20_000 }, changed);
  const activeIds = () => book.lines.filter(({ deliveryStatus }) => deliveryStatus !== 'complete').map(({ orderId }) => orderId);
  return { book, source, changed, orders, add, asked, activeIds };
}

test('an order on its way stays, however many came after it', async () => {
  const { book, add, activeIds, asked } = shop(50, 7);
  await book.look();
  expect(book.complete).toBe(true);
  for (let id = 51; id <= 120; ++id) add(id, ended);
  await book.look();
  expect(activeIds()).toEqual([7]);
  add(7, ended);
  await book.look();
  expect(activeIds()).toEqual([]);
  // It is seen to arrive, and is then not asked for again.
  expect(book.lines.at(-1)).toMatchObject({ orderId: 7, ...ended });
  expect(book.lines.length).toBe(101);
  asked.length = 0;
  await book.look();
  expect(asked).toEqual(['page 0 of 100']);
});

test('of those that have ended it keeps as many as it looks at', async () => {
  const { book, add } = shop(0);
  for (let id = 1; id <= 250; id += 50) {
    for (let each = id; each < id + 50; ++each) add(each);
    await book.look();
    for (let each = id; each < id + 50; ++each) add(each, ended);
    await book.look();
  }
  for (let id = 251; id <= 350; ++id) add(id, ended);
  await book.look();
  expect(book.lines.length).toBe(200);
});

test('a book that is opened finds those that are older than the newest', async () => {
  const { book, activeIds, asked } = shop(3500, 3, 1700, 3450);
  await book.look();
  await vi.waitUntil(() => book.complete);
  expect(activeIds()).toEqual([3450, 1700, 3]);
  expect(book.lines.length).toBe(102);
  asked.length = 0;
  await book.look();
  expect(asked).toEqual(['page 0 of 100', 'order 1700', 'order 3']);
});

test('orders that came while nobody looked are not passed over', async () => {
  const { book, add, activeIds, asked } = shop(10);
  await book.look();
  for (let id = 11; id <= 300; ++id) add(id, id === 12 ? {} : ended);
  await book.look();
  await vi.waitUntil(() => activeIds().length === 1);
  expect(activeIds()).toEqual([12]);
  expect(asked.filter((what) => what === 'page 0 of 1000').length).toBe(1);
});

test('a long history is looked through as far as agreed, and that is said', async () => {
  const { book, source, activeIds } = shop(5000, 1, 2500);
  const short = new OrderBook(source, { latest: 100, older: 3000 }, () => undefined);
  await short.look();
  await vi.waitUntil(() => !short.looking);
  expect(short.complete).toBe(false);
  expect(short.lines.filter(({ deliveryStatus }) => !deliveryStatus).map(({ orderId }) => orderId)).toEqual([2500]);
  await book.look();
  await vi.waitUntil(() => book.complete);
  expect(activeIds()).toEqual([2500, 1]);
});

test('many that take long are asked in turn', async () => {
  const { book, asked } = shop(400, ...Array.from({ length: 80 }, (_, at) => at + 1));
  await book.look();
  await vi.waitUntil(() => book.complete);
  asked.length = 0;
  await book.look();
  const first = asked.filter((what) => what.startsWith('order'));
  await book.look();
  const all = asked.filter((what) => what.startsWith('order'));
  expect(first.length).toBe(50);
  expect(new Set(all).size).toBe(80);
});

test('an answer that is older than what is known changes nothing, and what is gone is gone', async () => {
  const { book, add, orders, activeIds } = shop(150, 7, 149);
  await book.look();
  await vi.waitUntil(() => book.complete);
  add(149, ended);
  await book.look();
  add(149, { version: 2 });
  orders.delete(7);
  await book.look();
  expect(activeIds()).toEqual([]);
});

test('a look through that failed is made again', async () => {
  const { book, source, activeIds } = shop(1500, 3);
  const page = source.page;
  source.page = async (number, size) => {
    if (number === 1) throw new Error('down');
    return page(number, size);
  };
  await book.look();
  await vi.waitFor(() => expect(activeIds()).toEqual([]));
  source.page = page;
  await vi.waitUntil(async () => {
    await book.look();
    return book.complete;
  });
  expect(activeIds()).toEqual([3]);
});
