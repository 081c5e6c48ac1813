import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Visitors, byTest, card } from './browser';
import { Server, until } from './server';

let server: Server;
let visitors: Visitors;
let gimbap: number;

beforeAll(async () => {
  [server, visitors] = await Promise.all([Server.start(), Visitors.arrive()]);
  gimbap = await server.addMenu('Gimbap', 4500);
});
afterAll(async () => {
  await visitors?.leave();
  await server?.stop();
});

/** A page whose clock the test may put forward, that remembers what it rang for and whether it kept the screen awake. */
async function listening(path: string): Promise<Page> {
  const page = await visitors.open('about:blank');
  await page.clock.install();
  await page.addInitScript(() => {
    const heard: string[] = [];
    const awake = { held: 0 };
    Object.assign(window, { heard, awake });
    document.addEventListener('baedal:alarm', (event) => heard.push((event as CustomEvent<string>).detail));
    const request = () => {
      ++awake.held;
      return Promise.resolve({ released: false, release: () => Promise.resolve(void --awake.held) });
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request } });
  });
  await page.goto(server.url + path);
  return page;
}

const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: string[] }).heard.length);
const held = (page: Page) => page.evaluate(() => (window as unknown as { awake: { held: number } }).awake.held);

/** As if another tab were in front of it, or no longer. */
const setSeen = (page: Page, seen: boolean) =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, seen ? 'visible' : 'hidden');

/** Time passes on that page until it has been heard so often. */
const passUntilHeard = (page: Page, count: number) =>
  until(async () => {
    await page.clock.runFor(1000);
    return (await heard(page)) >= count ? true : undefined;
  });

test('a new order is loud until somebody has seen it, also behind another tab and after a reload', async () => {
  const page = await listening('/shop');
  await byTest(page, 'count-waiting').waitFor();
  await setSeen(page, false);
  const order = await server.order(gimbap);
  await passUntilHeard(page, 3);
  expect(await page.title()).toBe('1 new order');
  await setSeen(page, true);
  await page.locator(`[data-testid="new-orders"][data-count="1"]`).waitFor();
  await page.reload();
  await passUntilHeard(page, 2);
  const another = await server.order(gimbap);
  await page.locator(`[data-testid="new-orders"][data-count="2"]`).waitFor();
  // One of them by itself.
  await page.locator(`[data-order-id="${order}"] [data-testid="action-seen-one"]`).click();
  await page.locator(`[data-testid="new-orders"][data-count="1"]`).waitFor();
  await passUntilHeard(page, (await heard(page)) + 1);
  await page.locator(`[data-order-id="${another}"][data-fresh="true"]`).waitFor();
  await byTest(page, 'action-seen').click();
  await byTest(page, 'new-orders').waitFor({ state: 'detached' });
  const before = await heard(page);
  await page.clock.runFor(60_000);
  expect(await heard(page)).toBe(before);
  await page.context().close();
});

test('the screens of the shop and of couriers stay on while there is something to do', async () => {
  const order = await server.order(gimbap);
  const delivery = await server.delivery(order);
  const pages = await Promise.all([listening('/shop'), listening('/courier')]);
  for (const page of pages) await until(async () => ((await held(page)) === 1 ? true : undefined));
  await server.complete(delivery);
  const { body } = await server.send('GET', '/deliveries?size=1000');
  for (const { deliveryId, status } of body['_embedded'].deliveries) if (status === 'started') await server.complete(deliveryId);
  for (const page of pages) await until(async () => ((await held(page)) === 0 ? true : undefined));
  await Promise.all(pages.map((page) => page.context().close()));
});

test('what is cancelled is loud for a courier who looks at the map', async () => {
  const order = await server.order(gimbap);
  await server.delivery(order);
  const page = await listening('/courier');
  await page.locator(`[data-testid="job"][data-order-id="${order}"]`).waitFor();
  await setSeen(page, false);
  await server.send('PATCH', `/orders/${order}`, { status: 'cancel' });
  await passUntilHeard(page, 1);
  await page.locator(`[role="alert"][data-order-id="${order}"]`).waitFor();
  await page.context().close();
});

// More than the newest that are looked at each time.
const later = 110;
const atOnce = 10;

test('an order on its way stays on the board and on top of my orders, however many came and ended after it', { timeout: 180_000 }, async () => {
  const slow = await server.order(gimbap);
  await server.delivery(slow);
  const board = await visitors.open(`${server.url}/shop`);
  await card(board, slow, 'onTheWay').waitFor();
  for (let placed = 0; placed < later; placed += atOnce) {
    const orders = await Promise.all(Array.from({ length: atOnce }, () => server.order(gimbap)));
    await Promise.all(orders.map((order) => server.send('PATCH', `/orders/${order}`, { status: 'cancel' })));
  }
  const isOnBoard = async () => {
    await board.locator('[data-testid="board-reach"][data-complete="true"]').waitFor();
    await board.locator('[data-testid="count-cancelled"]', { hasText: /^1\d\d$/ }).waitFor();
    await board.locator('[data-testid="count-onTheWay"]', { hasText: /^1$/ }).waitFor();
    await card(board, slow, 'onTheWay').waitFor();
  };
  await isOnBoard();
  const cancelled = board.locator('[data-stage="cancelled"]');
  expect(await cancelled.locator('[data-testid="order-card"]').count()).toBe(30);
  await cancelled.locator('[data-testid="action-more-here"]').click();
  await cancelled.locator('[data-testid="order-card"]').nth(59).waitFor();
  // To who comes only now as well.
  await board.reload();
  await isOnBoard();
  const me = await visitors.open(`${server.url}/me`);
  await me.locator(`.order-cards.active > :first-child[data-order-id="${slow}"]`).waitFor();
  await server.send('PATCH', `/orders/${slow}`, { status: 'cancel' });
  await board.locator('[data-testid="count-onTheWay"]', { hasText: /^0$/ }).waitFor();
  await card(me, slow, 'cancelled').waitFor();
  await Promise.all([board, me].map((page) => page.context().close()));
});

test('on a phone the board shows one column at a time, with the numbers of all', async () => {
  const order = await server.order(gimbap);
  await server.delivery(order);
  const page = await visitors.open(`${server.url}/shop`, { viewport: { width: 360, height: 780 } });
  await byTest(page, 'tab-onTheWay').check({ force: true });
  await card(page, order, 'onTheWay').waitFor();
  await byTest(page, 'tab-cancelled').check({ force: true });
  await card(page, order, 'onTheWay').waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await byTest(page, 'tab-onTheWay').check({ force: true });
  await card(page, order, 'onTheWay').waitFor();
  await page.context().close();
});

test('who would rather not wait has the page look at once', async () => {
  const page = await visitors.open('about:blank');
  await page.clock.install();
  await page.goto(`${server.url}/shop`);
  await byTest(page, 'count-waiting').waitFor();
  await page.clock.pauseAt(Date.now() + 60_000);
  const order = await server.order(gimbap);
  await server.delivery(order);
  await byTest(page, 'action-refresh').click();
  await card(page, order, 'onTheWay').waitFor();
  await page.context().close();
});
