import { chromium } from 'playwright-core';
const base = process.argv[2], out = process.argv[3];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const paths = process.argv[4] ? process.argv[4].split(',') : ['/', '/me', '/orders/1', '/courier', '/shop', '/explorer'];
for (const [name, size, opt] of [['wide', { width: 1280, height: 800 }, {}], ['phone', { width: 360, height: 740 }, { locale: 'ko-KR', colorScheme: 'dark' }]]) {
  const context = await browser.newContext({ viewport: size, locale: 'en-US', ...opt, deviceScaleFactor: 1 });
  const page = await context.newPage();
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log(name, m.text()));
  page.on('pageerror', (e) => console.log(name, 'pageerror', e.message));
  for (const path of paths) {
    await page.goto(base + path);
    await page.waitForTimeout(1300);
    if (path === '/' ) { await page.locator('[data-testid=action-order]').first().click(); await page.waitForTimeout(1500); }
    await page.screenshot({ path: `${out}/${name}${path.replaceAll('/', '_')}.png`, fullPage: false });
  }
  await context.close();
}
await browser.close();
