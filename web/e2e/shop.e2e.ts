import { afterAll, beforeAll, expect, test } from 'vitest';
import { Visitors, byTest } from './browser';
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

test('two taps from the board a menu is sold out, and one more brings it back', async () => {
  const page = await visitors.open(`${server.url}/shop`, { viewport: { width: 390, height: 800 }, hasTouch: true });
  const soldOut = (state: boolean) => page.locator(`[data-testid="menu-row"][data-menu-id="${gimbap}"][data-sold-out="${state}"]`);
  const sold = async () => (await server.send('GET', `/menus/${gimbap}`)).body['soldOut'] as boolean;
  const change = page.locator('label', { has: byTest(page, 'action-sold-out') });
  await page.locator('label', { has: byTest(page, 'section-menus') }).tap();
  await change.tap();
  await soldOut(true).waitFor();
  expect(await sold()).toBe(true);
  const customer = await visitors.open(server.url);
  await customer.locator(`[data-menu-id="${gimbap}"][data-sold-out="true"]`).waitFor();
  expect(await byTest(customer, 'action-order').count()).toBe(0);
  await change.tap();
  await soldOut(false).waitFor();
  expect(await sold()).toBe(false);
  await customer.reload();
  await byTest(customer, 'action-order').waitFor();
  await Promise.all([page, customer].map((one) => one.context().close()));
});

test('a price that is changed is what the next order costs', async () => {
  const page = await visitors.open(`${server.url}/shop`);
  await page.locator('label', { has: byTest(page, 'section-menus') }).click();
  const row = page.locator(`[data-testid="menu-row"][data-menu-id="${gimbap}"]`);
  await row.locator('[data-testid="action-edit"]').click();
  const form = page.locator('.menu-row.editing');
  expect(await form.locator('[data-testid="menu-price"]').inputValue()).toBe('4500');
  await form.locator('[data-testid="menu-price"]').fill('5200');
  await form.locator('[data-testid="action-save-menu"]').click();
  await row.filter({ hasText: '₩5,200' }).waitFor();
  const order = await server.order(gimbap, 2);
  const { body } = await server.send('GET', `/orders/${order}`);
  expect(body['amount']).toBe(10_400);
  await until(async () => ((await server.paymentsOf(order)) === 1 ? true : undefined));
  await page.context().close();
});
