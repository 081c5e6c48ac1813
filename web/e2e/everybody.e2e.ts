import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './axe';
import { Visitors, byTest, card, takeFaults } from './browser';
import { Server, until } from './server';

let server: Server;
let visitors: Visitors;
const screens = ['/', '/me', '/orders/1', '/courier', '/shop', '/ops', '/explorer', '/orders/999'];

beforeAll(async () => {
  [server, visitors] = await Promise.all([Server.start(), Visitors.arrive()]);
  for (const [name, price] of [['Gimbap', 4500], ['Bibimbap', 9500], ['Coffee', undefined]] as const) await server.addMenu(name, price);
  await server.addMenu('Ramyeon', 5000, true);
  await server.order(1, 2);
  await server.order(2);
  await server.complete(await server.delivery(2));
  await server.send('PATCH', '/orders/1', { status: 'cancel' });
  await server.order(3);
});
afterAll(async () => {
  await visitors?.leave();
  await server?.stop();
});

test.each(['light', 'dark'] as const)('axe finds nothing serious on any screen, in %s', async (colorScheme) => {
  const page = await visitors.open('about:blank', { colorScheme, bypassCSP: true });
  for (const screen of screens) {
    await page.goto(server.url + screen);
    await page.locator('[data-testid^="screen-"]').waitFor();
    await page.locator('h1, [data-testid="empty"]').first().waitFor();
    expect((await seriousFaults(page)).map((fault) => `${screen} ${fault}`)).toEqual([]);
  }
  await page.goto(`${server.url}/shop`);
  await page.locator('label', { has: byTest(page, 'section-menus') }).click();
  await byTest(page, 'action-edit').first().click();
  await page.locator('.menu-row.editing').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.context().close();
});

test.each([360, 768, 1920])('nothing is cut off at %i px', async (width) => {
  const page = await visitors.open(server.url, { viewport: { width, height: 780 } });
  for (const screen of screens) {
    await page.goto(server.url + screen);
    await page.locator('[data-testid^="screen-"]').waitFor();
    await page.locator('h1, [data-testid="empty"]').first().waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `${screen} is wider than the window by`).toBeLessThanOrEqual(0);
  }
  await page.context().close();
});

test('the browser chooses the language, its owner may choose another, and it is remembered', async () => {
  const page = await visitors.open(server.url, { locale: 'ko-KR' });
  await page.getByRole('heading', { level: 1, name: '무엇을 드시겠어요?' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
  await page.locator('[data-testid="menu-card"]', { hasText: '₩4,500' }).waitFor();
  await byTest(page, 'choose-language').selectOption('en');
  await page.getByRole('heading', { level: 1, name: 'What would you like?' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'What would you like?' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.context().close();
});

test('an order is placed and cancelled, and one delivered, with the keyboard alone', async () => {
  const page = await visitors.open(server.url);
  await page.locator('[data-testid="action-order"]').first().waitFor();
  const reach = async (test: string) => {
    for (let presses = 0; presses < 60; ++presses) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['testid'])) === test) return;
    }
    throw new Error(`${test} is not reached by Tab`);
  };
  await reach('action-order');
  await page.keyboard.press('Enter');
  await byTest(page, 'placed').waitFor();
  const order = Number(await byTest(page, 'placed').getAttribute('data-order-id'));
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await reach('action-follow');
  await page.keyboard.press('Enter');
  await card(page, order, 'onTheWay').waitFor();
  await reach('action-cancel');
  await page.keyboard.press('Enter');
  await byTest(page, 'action-cancel-yes').waitFor();
  await page.keyboard.press('Enter');
  await card(page, order, 'cancelled').waitFor();
  const another = await server.order(1);
  await server.delivery(another);
  await page.goto(`${server.url}/courier`);
  await byTest(page, 'job').first().waitFor();
  await reach('action-complete');
  const chosen = await page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-order-id]')?.dataset['orderId']);
  await page.keyboard.press('Enter');
  await page.locator(`[data-testid="notice-done"][data-order-id="${chosen}"]`).waitFor();
  await page.context().close();
});

test('the first load is small, and nothing comes from anywhere else', async () => {
  const page = await visitors.open('about:blank');
  let bytes = 0;
  const hosts = new Set<string>();
  page.on('response', (response) => hosts.add(new URL(response.url()).host));
  page.on('requestfinished', (request) => void request.sizes().then((sizes) => (bytes += sizes.responseBodySize)));
  await page.goto(server.url);
  await page.locator('[data-testid="menu-card"]').first().waitFor();
  await page.waitForLoadState('networkidle');
  expect([...hosts]).toEqual([new URL(server.url).host]);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(150_000);
  await page.context().close();
});

test('on a slow phone what can be seen can be used: the order button, at its first moment', async () => {
  const page = await visitors.open('about:blank', { viewport: { width: 390, height: 800 }, hasTouch: true });
  const phone = await page.context().newCDPSession(page);
  await phone.send('Network.enable');
  await phone.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 });
  await phone.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  // Pressed in the moment in which it is there.
  await page.addInitScript(() => {
    const look = new MutationObserver(() => {
      const button = document.querySelector<HTMLElement>('[data-testid="action-order"]');
      if (!button) return;
      look.disconnect();
      document.documentElement.dataset['there'] = String(Math.round(performance.now()));
      button.click();
    });
    look.observe(document, { childList: true, subtree: true });
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.resourceType()}`));
  const before = await server.orders();
  await page.goto(server.url);
  await byTest(page, 'placed').waitFor({ timeout: 60_000 });
  expect(await server.orders()).toBe(before + 1);
  const untilPressed = asked.slice(0, asked.indexOf('POST fetch'));
  console.log(`slow phone: the button is there, and works, after ${await page.locator('html').getAttribute('data-there')} ms and ${untilPressed.length} requests: ${untilPressed.join(', ')}`);
  expect(untilPressed.filter((one) => one === 'GET script').length).toBe(1);
  expect(untilPressed.length).toBeLessThanOrEqual(8);
  await page.context().close();
});

test('the explorer goes where links lead, and back', async () => {
  const page = await visitors.open(`${server.url}/explorer`);
  const link = (relation: string) => page.locator(`[data-testid="explorer-link"][data-relation="${relation}"]`);
  const address = page.locator('#explorer-address');
  await link('menus').click();
  await link('menus[0]').waitFor();
  const list = await address.inputValue();
  expect(list).toMatch(/^\/menus/);
  await link('menus[0]').click();
  await link('menu').waitFor();
  expect(await address.inputValue()).toBe('/menus/1');
  expect(JSON.parse((await byTest(page, 'answer').textContent()) ?? '')).toMatchObject({ menuNm: 'Gimbap', price: 4500 });
  await page.getByRole('button', { name: 'Back' }).click();
  await link('menus[0]').waitFor();
  expect(await address.inputValue()).toBe(list);
  await page.context().close();
});

test('an error on the console, and what the Content-Security-Policy refuses, are faults of the test', async () => {
  const page = await visitors.open(server.url);
  await page.evaluate(() => {
    console.error('said by the page');
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
  });
  const faults: string[] = [];
  await until(async () => (faults.push(...takeFaults()) && faults.length >= 2 ? true : undefined));
  expect(faults[0]).toBe('said by the page');
  expect(faults[1]).toContain('Content Security Policy');
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  await page.context().close();
});
