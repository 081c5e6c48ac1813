import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const faults: string[] = [];

/** What pages said on their consoles as errors since the last look; faults.ts fails tests with it. */
export function takeFaults(): string[] {
  return faults.splice(0);
}

/** Debian's Chromium. */
export class Visitors {
  private constructor(private readonly browser: Browser) {}

  static async arrive(): Promise<Visitors> {
    // Chromium's own sandbox needs rights that a build machine does not give; only our pages are shown.
    return new Visitors(await chromium.launch({ executablePath, args: ['--no-sandbox'] }));
  }

  /** Somebody with a browser of their own. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(40_000);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // That an answer was a refusal is the page's business to show.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
    });
    await page.goto(url);
    return page;
  }

  leave(): Promise<void> {
    return this.browser.close();
  }
}

/** The card of that order on that page, in that state. */
export const card = (page: Page, order: number, state: string) =>
  page.locator(`[data-testid="order-card"][data-order-id="${order}"][data-state="${state}"]`).first();

export const byTest = (page: Page, id: string) => page.locator(`[data-testid="${id}"]`);
