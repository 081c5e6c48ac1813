import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from './axe';
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

const roles: Record<string, string[]> = { kim: ['customer'], park: ['merchant'], kang: ['courier'] };

/** Stands between one browser and the server, and lets in whom it knows: what the pages see of a server that asks who one is. */
class Door {
  subject: string | null = null;
  /** Requests that would change something, as they went through or did not. */
  readonly knocks: { path: string; key: string | undefined; status: number | 'let in' }[] = [];

  constructor(subject: string | null = null) {
    this.subject = subject;
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await visitors.open('about:blank', options);
    await page.route('**/*', async (route) => {
      const request = route.request();
      const at = new URL(request.url()).pathname;
      const headers = request.headers();
      const json = (status: number, body: unknown) => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
      if (headers['accept']?.includes('text/html')) return route.continue();
      if (at === '/me') return json(200, this.me());
      if (at === '/refresh') return json(401, { code: 'refresh-refused', detail: 'The login is over.' });
      if (at === '/logout') return this.leave().then(() => route.fulfill({ status: 204 }));
      if (at === '/login') {
        const { name, password } = request.postDataJSON() as { name: string; password: string };
        if (password !== 'right') return json(401, { code: 'login-refused', detail: 'No.' });
        this.subject = name;
        return json(200, {});
      }
      if (request.method() === 'GET') return route.continue();
      const refused = this.subject === null ? 401 : headers['x-csrf-token'] === `of-${this.subject}` ? undefined : 403;
      this.knocks.push({ path: at, key: headers['idempotency-key'], status: refused ?? 'let in' });
      return refused ? json(refused, { code: refused === 401 ? 'unauthorized' : 'csrf', detail: 'No.' }) : route.continue();
    });
    await page.goto(server.url + path);
    return page;
  }

  private me() {
    const known = this.subject !== null;
    return { subject: this.subject, roles: roles[this.subject ?? ''] ?? [], open: false, login: true, ...(known ? { csrfToken: `of-${this.subject}` } : {}) };
  }

  private async leave(): Promise<void> {
    this.subject = null;
  }
}

const pagesOffered = (page: Page) => page.locator('nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));

test('a stranger who orders logs in with the keyboard, and the order goes on, once', async () => {
  const door = new Door();
  const page = await door.open('/');
  await byTest(page, 'action-ask-login').waitFor();
  expect(await pagesOffered(page)).toEqual(['/', '/explorer']);
  const before = await server.orders();
  await page.locator(`[data-menu-id="${gimbap}"] [data-testid="action-order"]`).click();
  await byTest(page, 'login-dialog').waitFor();
  await page.keyboard.type('kim');
  await page.keyboard.press('Tab');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await byTest(page, 'login-wrong').waitFor();
  await page.keyboard.type('right');
  await page.keyboard.press('Enter');
  await byTest(page, 'placed').waitFor();
  expect(await server.orders()).toBe(before + 1);
  expect(door.knocks.map(({ status }) => status)).toEqual([401, 'let in']);
  expect(new Set(door.knocks.map(({ key }) => key)).size).toBe(1);
  expect(await pagesOffered(page)).toEqual(['/', '/me', '/explorer']);
  await byTest(page, 'action-log-out').click();
  await byTest(page, 'action-ask-login').waitFor();
  expect(await byTest(page, 'placed').count()).toBe(0);
  await page.context().close();
});

test('a login that ends while one types loses nothing', async () => {
  const door = new Door('park');
  const page = await door.open('/shop');
  await byTest(page, 'section-menus').check({ force: true });
  await byTest(page, 'menu-name').fill('Mandu');
  door.subject = null;
  await byTest(page, 'action-save-menu').click();
  await byTest(page, 'login-dialog').waitFor();
  expect(await byTest(page, 'login-name').inputValue()).toBe('park');
  expect(await byTest(page, 'menu-name').inputValue()).toBe('Mandu');
  await page.keyboard.press('Escape');
  await byTest(page, 'problem').waitFor();
  expect(await byTest(page, 'menu-name').inputValue()).toBe('Mandu');
  await byTest(page, 'action-save-menu').click();
  await byTest(page, 'login-password').fill('right');
  await byTest(page, 'action-log-in').click();
  await until(async () => {
    const { body } = await server.send('GET', '/menus?size=100');
    return (body['_embedded'].menus as { menuNm: string }[]).some(({ menuNm }) => menuNm === 'Mandu') ? true : undefined;
  });
  await page.context().close();
});

test('a page that is for others says so, and leads to one\'s own', async () => {
  const page = await new Door('kang').open('/shop');
  await byTest(page, 'screen-not-yours').waitFor();
  await page.locator('[data-testid="screen-not-yours"] a').click();
  await byTest(page, 'screen-courier').waitFor();
  await page.context().close();
});

test('a courier takes a delivery before it can be completed', async () => {
  const order = await server.order(gimbap);
  await server.delivery(order);
  const door = new Door('kang');
  const page = await door.open('/courier');
  const job = page.locator(`[data-testid="job"][data-order-id="${order}"]`);
  await job.locator('[data-testid="action-take"]').click();
  await job.locator('[data-testid="action-complete"]').click();
  await until(async () => ((await server.send('GET', `/mypages/${order}`)).body['deliveryStatus'] === 'complete' ? true : undefined));
  expect(door.knocks.map(({ path }) => path.replace(/\d+/, '…'))).toEqual(['/deliveries/…/claim', '/deliveries/…']);
  await page.context().close();
});

test.each(['light', 'dark'] as const)('everybody can read and use the login, on a small phone too, in %s', async (colorScheme) => {
  const page = await new Door().open('/login', { colorScheme, bypassCSP: true, viewport: { width: 360, height: 780 } });
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
