import type { Locator, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Visitors, byTest, card } from './browser';
import { Server, until } from './server';

let server: Server;
let visitors: Visitors;
let gimbap: number;

beforeAll(async () => {
  [server, visitors] = await Promise.all([Server.start(), Visitors.arrive()]);
  gimbap = await server.addMenu('Gimbap', 4500);
  await server.addMenu('Coffee');
  await server.addMenu('Ramyeon', 5000, true);
});
afterAll(async () => {
  await visitors?.leave();
  await server?.stop();
});

test('four browsers follow one order, each sees every change by itself', async () => {
  const [customer, me, courier, shop] = await Promise.all(['/', '/me', '/courier', '/shop'].map((path) => visitors.open(server.url + path)));
  await byTest(shop!, 'count-waiting').waitFor();
  await customer!.locator(`[data-menu-id="${gimbap}"] [data-testid="action-order"]`).click();
  const order = Number(await byTest(customer!, 'placed').getAttribute('data-order-id'));
  await byTest(customer!, 'action-follow').click();
  await card(customer!, order, 'onTheWay').waitFor();
  await card(me!, order, 'onTheWay').waitFor();
  await card(shop!, order, 'onTheWay').waitFor();
  await byTest(shop!, 'new-orders').waitFor();
  await courier!.locator(`[data-order-id="${order}"] [data-testid="action-complete"]`).click();
  await courier!.locator(`[data-testid="notice-done"][data-order-id="${order}"]`).waitFor();
  await card(customer!, order, 'delivered').waitFor();
  await card(me!, order, 'delivered').waitFor();
  await card(shop!, order, 'delivered').waitFor();
  await Promise.all([customer, me, courier, shop].map((page) => page!.context().close()));
});

test('what a program orders by plain HTTP is on the board, and what the courier completes is complete for it', async () => {
  const shop = await visitors.open(`${server.url}/shop`);
  await byTest(shop, 'count-waiting').waitFor();
  // httpie sends numbers as text.
  const { body } = await server.send('POST', '/orders', { menuId: String(gimbap), menuNm: 'Gimbap', qty: '1' });
  const order = body['orderId'] as number;
  await card(shop, order, 'onTheWay').waitFor();
  const courier = await visitors.open(`${server.url}/courier`);
  await courier.locator(`[data-order-id="${order}"] [data-testid="action-complete"]`).click();
  await until(async () => ((await server.send('GET', `/mypages/${order}`)).body['deliveryStatus'] === 'complete' ? true : undefined));
  await Promise.all([shop, courier].map((page) => page.context().close()));
});

test('a double click, and pressing again after an answer was lost, is one order each', async () => {
  const page = await visitors.open(server.url);
  const before = await server.orders();
  const press = page.locator(`[data-menu-id="${gimbap}"] [data-testid="action-order"]`);
  await press.dblclick();
  const order = Number(await byTest(page, 'placed').getAttribute('data-order-id'));
  await server.delivery(order);
  expect([await server.orders(), await server.paymentsOf(order)]).toEqual([before + 1, 1]);
  await byTest(page, 'placed').getByRole('button').click();
  // The order arrives, its answer does not.
  await page.route('**/orders', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await press.click();
  await byTest(page, 'problem').waitFor();
  await page.reload();
  await press.click();
  await byTest(page, 'placed').waitFor();
  expect(await server.orders()).toBe(before + 2);
  await page.context().close();
});

test('what is sold out cannot be ordered, and a menu without a price can', async () => {
  const page = await visitors.open(server.url);
  const soldOut = page.locator('[data-testid="menu-card"][data-sold-out="true"]');
  await soldOut.waitFor();
  expect(await soldOut.locator('[data-testid="action-order"]').count()).toBe(0);
  await page.locator('[data-testid="menu-card"]', { hasText: 'Coffee' }).locator('[data-testid="action-order"]').click();
  await byTest(page, 'placed').waitFor();
  await page.context().close();
});

test('a cancelled order says so, and that the money is back', async () => {
  const order = await server.order(gimbap, 2);
  const page = await visitors.open(`${server.url}/orders/${order}`);
  await card(page, order, 'onTheWay').waitFor();
  await byTest(page, 'action-cancel').click();
  await byTest(page, 'action-cancel-yes').click();
  await card(page, order, 'cancelled').waitFor();
  await page.locator('[data-testid="outcome"][data-payment="refunded"]', { hasText: '₩9,000' }).waitFor();
  // To who comes only now as well, each step has its time.
  await page.reload();
  for (const step of ['ordered', 'paid', 'onTheWay', 'cancelled', 'refunded']) await page.locator(`[data-step="${step}"] time`).waitFor();
  await page.context().close();
});

test('what is delivered cannot be cancelled, and the page says why', async () => {
  const order = await server.order(gimbap);
  await server.complete(await server.delivery(order));
  const page = await visitors.open(`${server.url}/orders/${order}`);
  await card(page, order, 'delivered').waitFor();
  expect(await byTest(page, 'action-cancel').isDisabled()).toBe(true);
  await byTest(page, 'cancel-reason').waitFor();
  await page.context().close();
});

// Fewer or more while working on it: ROUNDS=5 script/web-test browser orders.
const rounds = Number(process.env['ROUNDS'] ?? 50);
const roundMs = 15_000;

test(`cancel and complete in the same moment, ${rounds} times, have one outcome, and every screen agrees`, { timeout: 30_000 + rounds * roundMs }, async () => {
  const outcomes = { delivered: 0, cancelled: 0, lost: 0 };
  const courier = await visitors.open(`${server.url}/courier`);
  for (let round = 0; round < rounds; ++round) {
    const order = await server.order(gimbap);
    const customer = await visitors.open(`${server.url}/orders/${order}`);
    await card(customer, order, 'onTheWay').waitFor();
    const complete = courier.locator(`[data-order-id="${order}"] [data-testid="action-complete"]`);
    await complete.waitFor();
    await byTest(customer, 'action-cancel').click();
    await byTest(customer, 'action-cancel-yes').waitFor();
    // Who is so late that the button has gone already, does not press it.
    const press = (button: Locator) => button.evaluate((element) => (element as HTMLElement).click(), undefined, { timeout: 1000 }).catch(() => undefined);
    // A cancel has the longer way. In every second round the courier presses when it has just set out, so that either may win.
    let cancel: Request | undefined;
    customer.on('request', (request) => request.method() === 'PATCH' && (cancel = request));
    const moment = round % 2 ? customer.waitForRequest((request) => request.method() === 'PATCH') : Promise.resolve();
    await Promise.all([press(byTest(customer, 'action-cancel-yes')), moment.then(() => press(complete))]);
    const line = await until(async () => {
      const { body } = await server.send('GET', `/mypages/${order}`);
      const over = body['deliveryStatus'] === 'complete' || body['paymentStatus'] === 'refunded';
      return over ? body : undefined;
    });
    ++outcomes[line['deliveryStatus'] === 'complete' ? 'delivered' : 'cancelled'];
    if (line['deliveryStatus'] === 'complete') {
      expect([line['status'], line['paymentStatus']]).toEqual(['ordered', 'paid']);
      await card(customer, order, 'delivered').waitFor();
      await courier.locator(`[data-testid="notice-done"][data-order-id="${order}"]`).waitFor();
      if (cancel) {
        expect((await cancel.response())?.status()).toBe(409);
        await byTest(customer, 'cancel-lost').waitFor();
        ++outcomes.lost;
      }
    } else {
      expect([line['status'], line['deliveryStatus']]).toEqual(['cancel', 'cancelled']);
      await card(customer, order, 'cancelled').waitFor();
      await courier.locator(`[role="alert"][data-order-id="${order}"]`).waitFor();
    }
    await customer.context().close();
  }
  console.log(`delivered ${outcomes.delivered}, of these ${outcomes.lost} against a cancel; cancelled ${outcomes.cancelled}`);
  await courier.context().close();
});

test('a page that opens without a stream asks instead, and finds the stream when it is there', async () => {
  const order = await server.order(gimbap);
  const delivery = await server.delivery(order);
  const page = await visitors.open('about:blank');
  await page.route('**/stream', (route) => route.abort());
  await page.goto(`${server.url}/orders/${order}`);
  await page.locator('body[data-live="polling"]').waitFor();
  await card(page, order, 'onTheWay').waitFor();
  await server.complete(delivery);
  await card(page, order, 'delivered').waitFor();
  expect(await page.locator('[data-state="done"][data-step]').count()).toBe(4);
  // And with it again, by itself.
  await page.unroute('**/stream');
  await page.locator('body[data-live="on"]').waitFor({ timeout: 60_000 });
  await card(page, order, 'delivered').waitFor();
  await page.context().close();
});
