// Pictures of every screen for the documents. Not a test of anything but that they can be made.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { Visitors, byTest, card } from './browser';
import { ClosedServer } from './closed';
import { Server } from './server';

const folder = process.env['SCREENSHOTS'] ?? '.';

const english = [['Gimbap', 4500], ['Bibimbap', 9500], ['Fried chicken', 19000], ['Tteokbokki', 6500], ['Ramyeon', 5000], ['Iced coffee', 4800], ['Margherita pizza', 14900]] as const;
const korean = [['김밥', 4500], ['비빔밥', 9500], ['후라이드 치킨', 19000], ['떡볶이', 6500], ['라면', 5000], ['아이스 커피', 4800], ['페퍼로니 피자', 14900]] as const;

async function fill(server: Server, menus: readonly (readonly [string, number])[]) {
  for (const [name, price] of menus) await server.addMenu(name, price, /ram|라면/i.test(name));
  for (const [menu, quantity] of [[2, 1], [6, 2], [1, 3], [3, 1], [4, 2], [2, 2], [7, 1]] as const) {
    await server.delivery(await server.order(menu, quantity));
  }
  for (const order of [1, 2, 4]) await server.complete(await server.delivery(order));
  await server.send('PATCH', '/orders/3', { status: 'cancel' });
}

async function shoot(page: Page, name: string, whole = false) {
  await page.waitForLoadState('load');
  // Colours and places change in a fifth of a second.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished)));
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', fullPage: whole });
}

/** With orders coming in, and one of them looked at. */
async function shootOperations(server: Server, page: Page) {
  const over = { seen: false };
  const traffic = (async () => {
    // The first four are not sold out.
    for (let menu = 1; !over.seen; menu = (menu % 4) + 1) {
      const order = await server.order(menu);
      const delivery = await server.delivery(order);
      if (menu % 3 === 0) await server.send('PATCH', `/orders/${order}`, { status: 'cancel' });
      else await server.complete(delivery);
    }
  })();
  await page.goto(`${server.url}/ops`);
  await byTest(page, 'service').first().waitFor();
  await byTest(page, 'order-number').fill('4');
  await byTest(page, 'action-look-order').click();
  await byTest(page, 'moments').waitFor();
  await page.locator('[data-event="PaymentRefunded"][data-flowing="true"]').first().waitFor();
  await shoot(page, 'ops', true);
  over.seen = true;
  await traffic;
}

test('the login, in English, light', async () => {
  const [server, visitors] = await Promise.all([ClosedServer.startClosed(), Visitors.arrive()]);
  for (const [name, price] of english) await server.addMenu(name, price);
  const page = await server.visit(visitors, '/', { viewport: { width: 1280, height: 860 } });
  await byTest(page, 'action-order').first().click();
  await byTest(page, 'login-dialog').waitFor();
  await byTest(page, 'login-name').fill('kim');
  await shoot(page, 'login');
  await visitors.leave();
  await server.stop();
});

test('in English, light', async () => {
  const [server, visitors] = await Promise.all([Server.start('--management.health.show-details', 'always'), Visitors.arrive()]);
  await fill(server, english);
  const page = await visitors.open(server.url, { viewport: { width: 1280, height: 860 } });
  await byTest(page, 'action-order').first().click();
  await byTest(page, 'placed').locator('[data-step="onTheWay"][data-state="now"]').waitFor();
  await shoot(page, 'menu');
  for (const [path, name, ready] of [
    ['/me', 'me', 'order-card'],
    ['/orders/5', 'tracking', 'order-card'],
    ['/shop', 'shop', 'order-card'],
    ['/explorer', 'explorer', 'explorer-link'],
  ] as const) {
    await page.goto(server.url + path);
    await byTest(page, ready).first().waitFor();
    if (name === 'tracking') await page.locator('.steps li[data-step="onTheWay"] time').waitFor();
    await shoot(page, name);
  }
  await shootOperations(server, page);
  await page.goto(`${server.url}/shop`);
  await byTest(page, 'section-menus').check({ force: true });
  await byTest(page, 'menu-row').first().waitFor();
  await shoot(page, 'shop-menu');
  const phone = await visitors.open(`${server.url}/courier`, { viewport: { width: 390, height: 800 } });
  await byTest(phone, 'job').first().waitFor();
  await byTest(phone, 'action-complete').first().click();
  await byTest(phone, 'notice-done').waitFor();
  await shoot(phone, 'courier');
  await visitors.leave();
  await server.stop();
});

test('in Korean, dark, on a phone', async () => {
  const [server, visitors] = await Promise.all([Server.start(), Visitors.arrive()]);
  await fill(server, korean);
  const phone = { viewport: { width: 390, height: 800 }, locale: 'ko-KR', colorScheme: 'dark' } as const;
  const page = await visitors.open(server.url, phone);
  await byTest(page, 'action-order').first().waitFor();
  await shoot(page, 'menu-ko');
  await page.goto(`${server.url}/orders/5`);
  await card(page, 5, 'onTheWay').waitFor();
  await page.locator('.steps li[data-step="onTheWay"] time').waitFor();
  await shoot(page, 'tracking-ko');
  await visitors.leave();
  await server.stop();
});
