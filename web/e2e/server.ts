import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const binary = process.env['BAEDAL_BINARY'] ?? fileURLToPath(new URL('../../build/release/src/main/baedal', import.meta.url));

export interface Menu {
  menuId: number;
}

/** The whole system in one process, on a port of its own and with nothing in it. */
export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(...flags: string[]): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'baedal-e2e-'));
    // The program takes every BAEDAL_ variable for a setting.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BAEDAL_')));
    const child = spawn(binary, ['serve', '--profile', 'dev', '--port', '0', '--data', folder, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr?.resume();
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The program ended with ${code}.`)));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        const found = /https?:\/\/\S+?:\d+/.exec(line);
        if (found) resolve(found[0]);
      });
    });
    return new Server(child, folder, url.replace('0.0.0.0', '127.0.0.1'));
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** As a program that knows nothing of the pages would ask. */
  async send(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, never> & Record<string, any> }> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : {} };
  }

  async addMenu(menuNm: string, price?: number, soldOut = false): Promise<number> {
    const { body } = await this.send('POST', '/menus', { menuNm, soldOut, ...(price === undefined ? {} : { price }) });
    return body['menuId'] as number;
  }

  async order(menuId: number, qty = 1): Promise<number> {
    const { body } = await this.send('POST', '/orders', { menuId, qty });
    return body['orderId'] as number;
  }

  /** Waits until the order's delivery is under way, and says its number. */
  async delivery(order: number): Promise<number> {
    return until(async () => {
      const { body } = await this.send('GET', `/mypages/${order}`);
      return body['deliveryStatus'] === 'started' ? (body['deliveryId'] as number) : undefined;
    });
  }

  complete(delivery: number) {
    return this.send('PATCH', `/deliveries/${delivery}`, { status: 'complete' });
  }

  async orders(): Promise<number> {
    return (await this.send('GET', '/orders?size=1')).body['page'].totalElements as number;
  }
}

/** Asks until there is an answer, for at most ten seconds. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`It did not happen in time: ${ask.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
