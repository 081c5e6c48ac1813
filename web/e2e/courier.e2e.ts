import { afterAll, beforeAll, expect, test } from 'vitest';
import { Visitors, byTest } from './browser';
import { Proxy } from './proxy';
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

const phone = { viewport: { width: 390, height: 800 }, hasTouch: true };

test('deliveries made without a network are kept with their time, also through a reload, and sent once', async () => {
  const orders = [await server.order(gimbap), await server.order(gimbap)];
  for (const order of orders) await server.delivery(order);
  const proxy = await Proxy.before(server.url);
  const page = await visitors.open(`${proxy.url}/courier`, phone);
  await page.locator('[data-testid="job"]').nth(1).waitFor();
  await page.context().setOffline(true);
  for (const order of orders) await page.locator(`[data-order-id="${order}"] [data-testid="action-complete"]`).click();
  await byTest(page, 'offline').waitFor();
  expect(await page.locator('[data-testid="job"][data-state="unsent"]').count()).toBe(2);
  const pressed = await page.evaluate(() => JSON.parse(localStorage.getItem('baedal.courier.pressed') ?? '[]') as { orderId: number; pressedAt: string }[]);
  await page.context().setOffline(false);
  await page.reload();
  for (const order of orders) {
    await until(async () => ((await server.send('GET', `/mypages/${order}`)).body['deliveryStatus'] === 'complete' ? true : undefined));
  }
  await page.locator('[data-testid="job"]').first().waitFor({ state: 'detached' });
  // What the reload interrupted is sent again, with the same key.
  expect(new Set(proxy.keyed.map(({ key }) => key)).size).toBe(2);
  for (const order of orders) {
    const { body } = await server.send('GET', `/deliveries/search/findByOrderId?orderId=${order}`);
    expect(body['version']).toBe(2);
    expect(body['completedAt']).toBe(pressed.find(({ orderId }) => orderId === order)?.pressedAt);
  }
  await page.context().close();
  proxy.stop();
});

test('what is cancelled meanwhile goes loudly', async () => {
  const order = await server.order(gimbap);
  await server.delivery(order);
  const page = await visitors.open(`${server.url}/courier`, phone);
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    document.addEventListener('baedal:alarm', (event) => heard.push((event as CustomEvent<string>).detail));
  });
  await page.locator(`[data-testid="job"][data-order-id="${order}"]`).waitFor();
  await server.send('PATCH', `/orders/${order}`, { status: 'cancel' });
  await page.locator(`[role="alert"][data-order-id="${order}"]`).waitFor();
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual(['cancelled']);
  await page.context().close();
});
