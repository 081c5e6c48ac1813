import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const binary = process.env['BAEDAL_BINARY'] ?? fileURLToPath(new URL('../../build/release/src/main/baedal', import.meta.url));

export interface Answer {
  status: number;
  body: Record<string, never> & Record<string, any>;
  cookies: string[];
}

export const newFolder = () => mkdtempSync(join(tmpdir(), 'baedal-e2e-'));

/** The program takes every BAEDAL_ variable for a setting. */
export const plainEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BAEDAL_')));

/** A process of the program, with a folder of its own. */
export interface Started {
  process: ChildProcess;
  folder: string;
  /** Where it says that it listens, by scheme. */
  urls: Record<string, string>;
}

// How long one service waits for the other: long, so that a machine that is busy with other tests too does not turn an
// answer into a 503.
const patience = { BAEDAL_DELIVERY_TIME_LIMIT: '20s', BAEDAL_MENU_TIME_LIMIT: '20s' };

/** Starts it, and waits until it has said where it listens as often as it has schemes to say. */
export async function startProgram(folder: string, flags: readonly string[], schemes = ['http']): Promise<Started> {
  const child = spawn(binary, ['serve', '--port', '0', '--data', join(folder, 'data'), ...flags], {
    env: { ...plainEnvironment(), ...patience },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr?.resume();
  const urls: Record<string, string> = {};
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The program ended with ${code}.`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /(https?):\/\/\S+?:\d+/.exec(line);
      if (found?.[1]) urls[found[1]] = found[0];
      if (schemes.every((scheme) => urls[scheme])) resolve();
    });
  });
  return { process: child, folder, urls };
}

/** The whole system in one process, on a port of its own and with nothing in it. */
export class Server {
  /** Where browsers find it. */
  readonly url: string;
  /** Where programs do. */
  private readonly api: string;

  protected constructor(
    private readonly started: Started,
    private readonly token?: string,
  ) {
    this.api = started.urls['http'] ?? '';
    this.url = started.urls['https'] ?? this.api;
  }

  /** One where everybody may do everything. */
  static async start(...flags: string[]): Promise<Server> {
    return new Server(await startProgram(newFolder(), ['--profile', 'dev', ...flags]));
  }

  async stop(): Promise<void> {
    await this.halt();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends it; what it has kept stays, for another to start with. */
  private async halt(): Promise<void> {
    const { process: child } = this.started;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  /** Ends it, and starts another with what it has kept. */
  async startAnew(...flags: string[]): Promise<Server> {
    await this.halt();
    return new Server(await startProgram(this.folder, ['--profile', 'dev', ...flags]));
  }

  get folder(): string {
    return this.started.folder;
  }

  /** As a program that knows nothing of the pages would ask. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.api + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : {}, cookies: response.headers.getSetCookie() };
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

  /** How many payments there are for that order, by the list of all. */
  async paymentsOf(order: number): Promise<number> {
    const { body } = await this.send('GET', '/payments?size=1000');
    // None, as long as there is no payment at all.
    expect(body['page'].totalPages).toBeLessThanOrEqual(1);
    return (body['_embedded'].payments as { orderId: number }[]).filter(({ orderId }) => orderId === order).length;
  }
}

/** Asks until there is an answer, for at most forty seconds. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 40_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`It did not happen in time: ${ask.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
