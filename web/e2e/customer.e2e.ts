import type { Request } from 'playwright-core';
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

test('as many are ordered as the quantity says', async () => {
  const page = await visitors.open(server.url);
  const menu = page.locator(`[data-menu-id="${gimbap}"]`);
  const one = { less: menu.getByRole('button', { name: 'One less' }), more: menu.getByRole('button', { name: 'One more' }) };
  await one.more.waitFor();
  expect(await one.less.isDisabled()).toBe(true);
  await one.more.click();
  await one.more.click();
  await one.less.click();
  expect(await menu.locator('input').inputValue()).toBe('2');
  await menu.locator('[data-testid="action-order"]', { hasText: '₩9,000' }).click();
  const order = Number(await byTest(page, 'placed').getAttribute('data-order-id'));
  const { body } = await server.send('GET', `/orders/${order}`);
  expect([body['qty'], body['amount']]).toEqual([2, 9000]);
  await page.context().close();
});

test('away while an order is under way, Back, and ordered again: one order, paid once', async () => {
  const page = await visitors.open(server.url);
  const before = await server.orders();
  // The order arrives, and its answer is not waited for.
  await page.route('**/orders', (route) => void route.fetch().catch(() => undefined), { times: 1 });
  const press = page.locator(`[data-menu-id="${gimbap}"] [data-testid="action-order"]`);
  await press.click();
  await until(async () => ((await server.orders()) === before + 1 ? true : undefined));
  await page.goto(`${server.url}/me`);
  await byTest(page, 'screen-me').waitFor();
  await page.goBack();
  await press.click();
  const order = Number(await byTest(page, 'placed').getAttribute('data-order-id'));
  await server.delivery(order);
  expect(await server.orders()).toBe(before + 1);
  expect(await server.paymentsOf(order)).toBe(1);
  await page.context().close();
});

test('a cancel that the courier was sooner than says that it lost', async () => {
  const order = await server.order(gimbap);
  const delivery = await server.delivery(order);
  const page = await visitors.open(`${server.url}/orders/${order}`);
  await card(page, order, 'onTheWay').waitFor();
  // Between the press and the server, the food is handed over.
  await page.route(`**/orders/${order}`, async (route) => {
    if (route.request().method() === 'PATCH') await server.complete(delivery);
    await route.continue();
  });
  await byTest(page, 'action-cancel').click();
  const answered = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await byTest(page, 'action-cancel-yes').click();
  expect((await answered).status()).toBe(409);
  await byTest(page, 'cancel-lost').waitFor();
  await card(page, order, 'delivered').waitFor();
  expect((await server.send('GET', `/orders/${order}`)).body['status']).toBe('ordered');
  await page.context().close();
});

test('a long history comes in parts, by what became of the orders, and one is ordered again', async () => {
  const [delivered, cancelled] = [await server.order(gimbap, 3), await server.order(gimbap)];
  await server.complete(await server.delivery(delivered));
  await server.delivery(cancelled);
  await server.send('PATCH', `/orders/${cancelled}`, { status: 'cancel' });
  const ongoing = await Promise.all(Array.from({ length: 20 }, () => server.order(gimbap)));
  for (const order of ongoing) await server.delivery(order);
  const page = await visitors.open(`${server.url}/me`);
  await card(page, ongoing[0]!, 'onTheWay').waitFor();
  // Older ones that are still on their way would be there at once; these have ended.
  expect(await card(page, delivered, 'delivered').count()).toBe(0);
  expect(await card(page, cancelled, 'cancelled').count()).toBe(0);
  await byTest(page, 'action-more').click();
  await card(page, delivered, 'delivered').waitFor();
  await card(page, cancelled, 'cancelled').waitFor();
  await byTest(page, 'action-more').waitFor({ state: 'detached' });
  expect(await byTest(page, 'order-card').count()).toBe(await server.orders());

  // An answer to what was asked for before a filter was chosen comes too late for it.
  const others = (state: string) => page.locator(`[data-testid="order-card"]:not([data-state="${state}"])`);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const late = await new Promise<Request>((asked) => void page.route(/\/mypages\?/, async (route) => {
    const response = await route.fetch();
    asked(route.request());
    await released;
    await route.fulfill({ response });
  }, { times: 1 }));
  await page.locator('label', { has: byTest(page, 'filter-cancelled') }).click();
  await others('cancelled').first().waitFor({ state: 'detached' });
  await card(page, cancelled, 'cancelled').waitFor();
  release();
  await (await late.response())?.finished();
  await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
  expect(await others('cancelled').count()).toBe(0);

  for (const [filter, order, state] of [['delivered', delivered, 'delivered'], ['ongoing', ongoing[0]!, 'onTheWay']] as const) {
    await page.locator('label', { has: byTest(page, `filter-${filter}`) }).click();
    await card(page, order, state).waitFor();
    await others(state).first().waitFor({ state: 'detached' });
  }
  await page.locator('label', { has: byTest(page, 'filter-delivered') }).click();
  await page.locator(`[data-order-id="${delivered}"] [data-testid="action-again"]`).click();
  const again = Number(await byTest(page, 'placed').getAttribute('data-order-id'));
  expect(again).not.toBe(delivered);
  const { body } = await server.send('GET', `/orders/${again}`);
  expect([body['menuId'], body['qty']]).toEqual([gimbap, 3]);
  await page.context().close();
});
