import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './axe';
import { Visitors, byTest } from './browser';
import { Server, until } from './server';

let server: Server;
let visitors: Visitors;
let gimbap: number;

beforeAll(async () => {
  // Who is not answered in time is asked again after a minute: until then the order waits for its payment.
  [server, visitors] = await Promise.all([
    Server.start('--payment.retry-pause-first', '1m', '--payment.retry-pause-max', '1h'),
    Visitors.arrive(),
  ]);
  gimbap = await server.addMenu('Gimbap', 4500);
});
afterAll(async () => {
  await visitors?.leave();
  await server?.stop();
});

const flowing = (page: Page, type: string) => page.locator(`[data-event="${type}"][data-flowing="true"]`).first();

test('events are on their arrows as they happen', async () => {
  const page = await visitors.open(`${server.url}/ops`);
  await page.locator('[data-event="Ordered"]').first().waitFor();
  const over = { seen: false };
  const keepOrdering = (async () => {
    while (!over.seen) await server.complete(await server.delivery(await server.order(gimbap)));
  })();
  try {
    await Promise.all(['Ordered', 'Paid', 'DeliveryStarted', 'DeliveryCompleted'].map((type) => flowing(page, type).waitFor()));
    expect(await flowing(page, 'Ordered').locator('.rate').textContent()).toMatch(/^[\d,.]+\/s$/);
    expect(await flowing(page, 'PaymentRefunded').count()).toBe(0);
  } finally {
    over.seen = true;
    await keepOrdering;
  }
  await page.context().close();
});

test('in a fleet every process is seen, and one that ends is the only one that is missed', async () => {
  const roles = ['menu', 'order', 'payment', 'delivery', 'mypage'];
  const services = await Server.start('--role', roles.join(','));
  const gateway = await Server.start('--role', 'gateway', '--gateway.instances', roles.map((role) => `${role}=${services.url}`).join(','));
  const page = await visitors.open(`${gateway.url}/ops`, { bypassCSP: true });
  const process = (instance: string, health: string) => page.locator(`[data-testid="instance"][data-instance="${instance}"][data-health="${health}"]`);
  const behind = new URL(services.url).host;
  const over = { seen: false };
  let running = true;
  try {
    await process(behind, 'UP').waitFor();
    expect(await process(behind, 'UP').getAttribute('data-services')).toBe('order delivery mypage menu payment');
    await process('self', 'UP').waitFor();
    await page.locator(`[data-testid="service"][data-instance="${behind}"][data-service="payment"]`).waitFor();
    const menu = await gateway.addMenu('Gimbap', 4500);
    const keepOrdering = (async () => {
      while (!over.seen) await gateway.delivery(await gateway.order(menu));
    })();
    try {
      await Promise.all(['Ordered', 'Paid', 'DeliveryStarted'].map((type) => flowing(page, type).waitFor()));
    } finally {
      over.seen = true;
      await keepOrdering;
    }
    running = false;
    await services.stop();
    await process(behind, 'SILENT').waitFor();
    await process('self', 'UP').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.context().close();
  } finally {
    await gateway.stop();
    if (running) await services.stop();
  }
});

test('one order is one line of time across the services', async () => {
  const [order, cancelled] = [await server.order(gimbap), await server.order(gimbap)];
  const delivery = await server.delivery(order);
  await server.complete(delivery);
  const page = await visitors.open(`${server.url}/ops`);
  await byTest(page, 'order-number').fill(String(order));
  await byTest(page, 'action-look-order').click();
  await page.locator(`[data-testid="moments"][data-order-id="${order}"]`).waitFor();
  const told = await page.locator('[data-testid="moments"] li').evaluateAll((items) =>
    items.map((item) => [item.getAttribute('data-service'), item.querySelector('code')?.textContent ?? '', item.querySelector('time')?.dateTime ?? '']));
  expect(told.map(([, event]) => event).filter(Boolean)).toEqual(['Ordered', 'Paid', 'DeliveryStarted', 'DeliveryCompleted']);
  const times = told.map(([, , at]) => at);
  expect(times).toEqual([...times].sort());
  // Each event has its id, also those whose service has another state by now.
  await server.delivery(cancelled);
  await server.send('PATCH', `/orders/${cancelled}`, { status: 'cancel' });
  const ids = await until(async () => {
    const events = (await server.send('GET', `/mypages/${cancelled}/events`)).body['_embedded'].events as { id: string }[];
    return events.length === 6 ? events.map(({ id }) => id) : undefined;
  });
  await byTest(page, 'order-number').fill(String(cancelled));
  await byTest(page, 'action-look-order').click();
  await page.locator(`[data-testid="moments"][data-order-id="${cancelled}"]`).waitFor();
  expect((await page.locator('[data-testid="moments"] .event-id').allTextContents()).sort()).toEqual(ids.sort());
  await page.context().close();
});

test('an order that does not get on is named, with what it waits for', async () => {
  const { body } = await server.send('POST', '/orders', { menuId: gimbap, paymentToken: 'tok_timeout_then_approve' });
  const order = body['orderId'] as number;
  const page = await visitors.open('about:blank', { bypassCSP: true });
  // To the page, it is two minutes later.
  await page.clock.install({ time: Date.now() + 120_000 });
  await page.goto(`${server.url}/ops`);
  const stuck = page.locator(`[data-testid="stuck-order"][data-order-id="${order}"]`);
  // The server looks for orders that wait every five seconds.
  await stuck.waitFor({ timeout: 60_000 });
  expect(await stuck.getAttribute('data-waits-for')).toBe('payment');
  expect(await seriousFaults(page)).toEqual([]);
  await stuck.locator('[data-testid="action-look"]').click();
  await page.locator(`[data-testid="moments"][data-order-id="${order}"]`).waitFor();
  await page.context().close();
});

test('an event that is parked is shown, and goes on when it is tried again', async () => {
  // While the bus is away, what is put aside has not gone out.
  const away = ['--messaging.bus', 'kafka://127.0.0.1:1/nobody', '--kafka.connect-timeout', '1ms', '--kafka.publish-timeout', '1s'];
  let server = await Server.start(...away);
  try {
    const order = await server.order(await server.addMenu('Gimbap', 4500));
    expect((await server.send('POST', '/actuator/outbox/order/park/1')).status).toBe(200);
    await until(async () => {
      const services = (await server.send('GET', '/actuator/outbox')).body['services'] as { service: string; unsent: unknown[] }[];
      return services.find(({ service }) => service === 'order')?.unsent.length === 0 || undefined;
    });
    server = await server.startAnew();
    const page = await visitors.open(`${server.url}/ops`, { bypassCSP: true });
    const parked = page.locator('[data-testid="parked"][data-service="order"]');
    await parked.locator('li', { hasText: 'Ordered' }).waitFor();
    expect((await server.send('GET', `/mypages/${order}`)).status).toBe(404);
    expect(await seriousFaults(page)).toEqual([]);
    await parked.locator('[data-testid="action-retry"]').click();
    await parked.waitFor({ state: 'detached' });
    await server.delivery(order);
    await page.context().close();
  } finally {
    await server.stop();
  }
});
