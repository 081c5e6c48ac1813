import { afterAll, beforeAll, expect, test } from 'vitest';
import { Visitors, card } from './browser';
import { Proxy, type HeardStream } from './proxy';
import { Server, until } from './server';

let server: Server;
let proxy: Proxy;
let visitors: Visitors;

beforeAll(async () => {
  // An order whose payment is not answered in time waits long enough for its stream to be cut.
  [server, visitors] = await Promise.all([Server.start('--payment.retry-pause-first', '3s'), Visitors.arrive()]);
  proxy = await Proxy.before(server.url);
});
afterAll(async () => {
  await visitors?.leave();
  proxy?.stop();
  await server?.stop();
});

/** The versions that a stream told: its events' ids. */
const told = (stream: HeardStream | undefined) => [...(stream?.heard ?? '').matchAll(/^id: (\d+)$/gm)].map(([, version]) => version);

test('an open stream is cut, the page asks instead, and with a stream again it is told: no step is lost', async () => {
  const menuId = await server.addMenu('Gimbap', 4500);
  const page = await visitors.open(proxy.url);
  const { body } = await server.send('POST', '/orders', { menuId, paymentToken: 'tok_timeout_then_approve' });
  const order = body['orderId'] as number;
  await page.goto(`${proxy.url}/orders/${order}`);
  await page.locator('body[data-live="on"]').waitFor();
  await until(async () => told(proxy.streams[0])[0]);
  expect(proxy.cutStreams()).toBe(1);
  await page.locator('body[data-live="polling"]').waitFor();

  // Paid and on its way without a stream; the browser has tried to get one back meanwhile.
  const delivery = await server.delivery(order);
  await card(page, order, 'onTheWay').waitFor();
  await until(async () => proxy.refused || undefined);
  expect(await page.locator('body').getAttribute('data-live')).toBe('polling');
  expect(proxy.streams.length).toBe(1);

  proxy.letStreamsPass();
  await page.locator('body[data-live="on"]').waitFor({ timeout: 60_000 });
  expect(proxy.streams.length).toBe(2);
  expect(told(proxy.streams[0])).toContain(proxy.streams[1]?.lastEventId);
  await server.complete(delivery);
  await card(page, order, 'delivered').waitFor();
  const shown = await card(page, order, 'delivered').getAttribute('data-version');
  await until(async () => (told(proxy.streams[1]).at(-1) === shown ? true : undefined));
  const steps = page.locator('[data-step]');
  expect(await steps.evaluateAll((items) => items.map((item) => `${item.getAttribute('data-step')} ${item.getAttribute('data-state')}`)))
    .toEqual(['ordered done', 'paid done', 'onTheWay done', 'delivered done']);
  for (const step of ['ordered', 'paid', 'onTheWay', 'delivered']) await page.locator(`[data-step="${step}"] time`).waitFor();
  await page.context().close();
});
