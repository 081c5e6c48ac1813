import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './axe';
import { Visitors, byTest, card } from './browser';
import { ClosedServer, password } from './closed';
import { until } from './server';

// On a server that asks who one is, with accounts made by `baedal accounts` while it runs.
let server: ClosedServer;
let visitors: Visitors;
let gimbap: number;

beforeAll(async () => {
  [server, visitors] = await Promise.all([ClosedServer.startClosed(), Visitors.arrive()]);
  for (const [name, roles] of [['kim', 'customer'], ['lee', 'customer'], ['park', 'merchant'], ['kang', 'courier'], ['han', 'operator']] as const) {
    server.addAccount(name, roles);
  }
  gimbap = await server.addMenu('Gimbap', 4500);
});
afterAll(async () => {
  await visitors?.leave();
  await server?.stop();
});

const pagesOffered = (page: Page) => page.locator('nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));

async function logIn(page: Page, name: string, secret = password): Promise<void> {
  await byTest(page, 'login-name').fill(name);
  await byTest(page, 'login-password').fill(secret);
  await byTest(page, 'action-log-in').click();
}

/** Logged in, at that page. */
async function as(name: string, path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await server.visit(visitors, '/login', options);
  await logIn(page, name);
  await page.locator('[data-testid="account-name"]', { hasText: name }).waitFor();
  if (path !== new URL(page.url()).pathname) await page.goto(server.url + path);
  return page;
}

/** Orders as the page's visitor, from the menu. */
async function order(page: Page): Promise<number> {
  await page.locator(`[data-menu-id="${gimbap}"] [data-testid="action-order"]`).click();
  return Number(await byTest(page, 'placed').getAttribute('data-order-id'));
}

/** As after the ten minutes of an access token: the browser has dropped its cookie. */
const accessEnds = (page: Page) => page.context().clearCookies({ name: '__Host-baedal' });

const ordersOf = async (page: Page) => {
  const answer = await page.context().request.get(`${server.url}/orders`, { headers: { Accept: 'application/json' } });
  return ((await answer.json()) as { page: { totalElements: number } }).page.totalElements;
};

test('a stranger who orders logs in with the keyboard, and the order goes on, once', async () => {
  const page = await server.visit(visitors, '/');
  const sent: (string | undefined)[] = [];
  page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/orders') && sent.push(request.headers()['idempotency-key']));
  await byTest(page, 'action-ask-login').waitFor();
  expect(await pagesOffered(page)).toEqual(['/', '/explorer']);
  await page.locator(`[data-menu-id="${gimbap}"] [data-testid="action-order"]`).click();
  await byTest(page, 'login-dialog').waitFor();
  await page.keyboard.type('kim');
  await page.keyboard.press('Tab');
  await page.keyboard.type('wrong horse battery');
  await page.keyboard.press('Enter');
  await byTest(page, 'login-wrong').waitFor();
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await byTest(page, 'placed').waitFor();
  expect([sent.length, new Set(sent).size]).toEqual([2, 1]);
  expect(await ordersOf(page)).toBe(1);
  expect(await pagesOffered(page)).toEqual(['/', '/me', '/explorer']);
  await byTest(page, 'action-log-out').click();
  await byTest(page, 'action-ask-login').waitFor();
  expect(await byTest(page, 'placed').count()).toBe(0);
  expect(await page.context().cookies()).toEqual([]);
  await page.goto(`${server.url}/me`);
  await byTest(page, 'screen-login').waitFor();
  await page.context().close();
});

test('by role: each has their own pages, and another\'s says whose it is', async () => {
  for (const [name, home, offered, other] of [
    ['kang', '/courier', ['/', '/courier', '/explorer'], '/shop'],
    ['park', '/shop', ['/', '/shop', '/explorer'], '/ops'],
    ['han', '/ops', ['/', '/me', '/courier', '/shop', '/ops', '/explorer'], undefined],
  ] as const) {
    const page = await as(name, home);
    await byTest(page, `screen-${home.slice(1)}`).waitFor();
    expect(await pagesOffered(page)).toEqual(offered);
    if (other) {
      await page.goto(server.url + other);
      await byTest(page, 'screen-not-yours').waitFor();
      await page.locator('[data-testid="screen-not-yours"] a').click();
      await byTest(page, `screen-${home.slice(1)}`).waitFor();
    } else {
      await byTest(page, 'service').first().waitFor();
    }
    await page.context().close();
  }
});

test('customers see their own orders alone, live, and another\'s is one that is not there', async () => {
  const [kim, lee] = [await as('kim', '/'), await as('lee', '/')];
  const mine = await order(lee);
  await lee.goto(`${server.url}/me`);
  await card(lee, mine, 'onTheWay').waitFor();
  expect(await byTest(lee, 'order-card').count()).toBe(1);
  await kim.goto(`${server.url}/orders/${mine}`);
  await byTest(kim, 'empty').waitFor();
  expect(await kim.locator(`[data-order-id="${mine}"]`).count()).toBe(0);
  await lee.goto(`${server.url}/orders/${mine}`);
  await lee.locator('body[data-live="on"]').waitFor();
  // Payments and deliveries are not for customers; the line tells when its latest step was.
  await lee.locator('[data-step="onTheWay"] time').waitFor();
  await byTest(lee, 'action-cancel').click();
  await byTest(lee, 'action-cancel-yes').click();
  await card(lee, mine, 'cancelled').waitFor();
  await Promise.all([kim, lee].map((page) => page.context().close()));
});

test('an access token that ends is renewed behind what is being typed', async () => {
  const page = await as('park', '/shop');
  await byTest(page, 'section-menus').check({ force: true });
  await byTest(page, 'menu-name').fill('Mandu');
  await accessEnds(page);
  const refreshed = page.waitForResponse((response) => response.url().endsWith('/refresh'));
  await byTest(page, 'action-save-menu').click();
  expect((await refreshed).status()).toBe(200);
  await page.locator('[data-testid="menu-row"]', { hasText: 'Mandu' }).waitFor();
  expect(await byTest(page, 'login-name').count()).toBe(0);
  await page.context().close();
});

test('a refresh that another window was sooner than goes on with what that one got', async () => {
  const page = await as('park', '/shop');
  await byTest(page, 'section-menus').check({ force: true });
  await byTest(page, 'menu-name').fill('Japchae');
  let raced: number | undefined;
  await page.route('**/refresh', async (route) => {
    const { cookie = '' } = await route.request().allHeaders();
    const sooner = await server.send('POST', '/refresh', undefined, { Cookie: cookie });
    const answer = await route.fetch();
    raced = answer.status();
    await route.fulfill({ response: answer });
    await page.context().addCookies(sooner.cookies.map((line) => {
      const [name = '', value = ''] = line.split(';')[0]!.split('=');
      return { name, value, url: server.url, secure: true, httpOnly: true, sameSite: 'Strict' as const };
    }));
  }, { times: 1 });
  await accessEnds(page);
  await byTest(page, 'action-save-menu').click();
  await page.locator('[data-testid="menu-row"]', { hasText: 'Japchae' }).waitFor();
  expect(raced).toBe(409);
  expect(await byTest(page, 'login-name').count()).toBe(0);
  await page.context().close();
});

test('a login that ends while one types loses nothing', async () => {
  server.addAccount('seo', 'merchant');
  const page = await as('seo', '/shop');
  await byTest(page, 'section-menus').check({ force: true });
  await byTest(page, 'menu-name').fill('Kimchi stew');
  // Another password ends every login at its next refresh.
  server.accounts(['password', 'seo'], 'another horse battery');
  await accessEnds(page);
  await byTest(page, 'action-save-menu').click();
  await byTest(page, 'login-dialog').waitFor();
  expect(await byTest(page, 'login-name').inputValue()).toBe('seo');
  await page.keyboard.press('Escape');
  await byTest(page, 'problem').waitFor();
  expect(await byTest(page, 'menu-name').inputValue()).toBe('Kimchi stew');
  await byTest(page, 'action-save-menu').click();
  await logIn(page, 'seo', password);
  await byTest(page, 'login-wrong').waitFor();
  await logIn(page, 'seo', 'another horse battery');
  await page.locator('[data-testid="menu-row"]', { hasText: 'Kimchi stew' }).waitFor();
  await page.context().close();
});

test('a courier takes a delivery before it can be completed, and is told who was sooner', async () => {
  const [kim, kang] = [await as('kim', '/'), await as('kang', '/courier')];
  server.addAccount('choi', 'courier');
  const choi = await as('choi', '/courier');
  const placed = await order(kim);
  const job = (page: Page) => page.locator(`[data-testid="job"][data-order-id="${placed}"]`);
  await Promise.all([kang, choi].map((page) => job(page).locator('[data-testid="action-take"]').waitFor()));
  await job(kang).locator('[data-testid="action-take"]').click();
  await job(kang).locator('[data-testid="action-complete"]').waitFor();
  await job(choi).locator('[data-testid="action-take"]').click();
  await choi.locator(`[data-testid="notice-elsewhere"][data-order-id="${placed}"]`).waitFor();
  await job(choi).waitFor({ state: 'detached' });
  await job(kang).locator('[data-testid="action-complete"]').click();
  await until(async () => ((await server.send('GET', `/mypages/${placed}`)).body['deliveryStatus'] === 'complete' ? true : undefined));
  await byTest(kim, 'action-follow').click();
  await card(kim, placed, 'delivered').waitFor();
  await Promise.all([kim, kang, choi].map((page) => page.context().close()));
});

test('who tries too often is told to wait, and not whether the name exists', async () => {
  const strict = await ClosedServer.startClosed('--accounts.login-burst', '2', '--accounts.login-interval', '1h');
  strict.addAccount('kim', 'customer');
  const page = await strict.visit(visitors, '/login');
  const told: string[] = [];
  for (const name of ['kim', 'nobody', 'kim']) {
    const answered = page.waitForResponse((response) => response.url().endsWith('/login') && response.request().method() === 'POST');
    await logIn(page, name, 'wrong horse battery');
    await answered;
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-testid="login-password"]')?.value === '');
    told.push((await byTest(page, 'login-wrong').textContent()) ?? '');
  }
  expect(told[0]).toBe(told[1]);
  expect(told[2]).not.toBe(told[0]);
  expect(await byTest(page, 'login-name').inputValue()).toBe('kim');
  await page.context().close();
  await strict.stop();
});

test.each(['light', 'dark'] as const)('everybody can read and use the login, on a small phone too, in %s', async (colorScheme) => {
  const page = await server.visit(visitors, '/login', { colorScheme, bypassCSP: true, viewport: { width: 360, height: 780 } });
  await byTest(page, 'login-name').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await page.goto(`${server.url}/`);
  await byTest(page, 'action-ask-login').click();
  await byTest(page, 'login-dialog').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  expect(await byTest(page, 'login-name').evaluate((input) => input === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await byTest(page, 'login-dialog').waitFor({ state: 'hidden' });
  expect(await byTest(page, 'action-ask-login').evaluate((button) => button === document.activeElement)).toBe(true);
  await page.context().close();
});
