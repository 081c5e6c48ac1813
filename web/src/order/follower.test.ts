import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { OrderLike } from '../hal/types';
import { Follower, endedPollMs, pollMs, reopenMs, type Source, type Stream } from './follower';

class HandStream implements Stream {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readyState = 0;
  closed = false;
  close() {
    this.closed = true;
  }
  tell(version: number) {
    this.onmessage?.({ data: JSON.stringify({ version }) });
  }
}

const line = (version: number) => ({ version }) as OrderLike;

function follow() {
  const heard: (number | string)[] = [];
  const server = { version: 1, down: false, streams: true };
  const streams: HandStream[] = [];
  const source: Source = {
    load: (version) => {
      if (server.down) return Promise.reject(new Error('down'));
      return Promise.resolve(version === server.version ? undefined : line(server.version));
    },
    open: () => {
      if (!server.streams) return undefined;
      const stream = new HandStream();
      streams.push(stream);
      return stream;
    },
  };
  const follower = new Follower(source, {
    line: ({ version }) => heard.push(version),
    live: (live) => heard.at(-1) !== live && heard.push(live),
    error: () => undefined,
  });
  return { follower, heard, server, streams };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('is told by the stream once that is open, and no longer asks', async () => {
  const { follower, heard, server, streams } = follow();
  follower.start();
  await vi.advanceTimersByTimeAsync(0);
  streams[0]!.onopen!();
  streams[0]!.tell(2);
  server.version = 3;
  await vi.advanceTimersByTimeAsync(10 * pollMs);
  expect(heard).toEqual([1, 'polling', 'on', 2]);
  follower.stop();
  expect(streams[0]!.closed).toBe(true);
});

test('asks while the stream is broken, misses nothing, and hears nothing twice', async () => {
  const { follower, heard, server, streams } = follow();
  follower.start();
  await vi.advanceTimersByTimeAsync(0);
  streams[0]!.onopen!();
  streams[0]!.onerror!();
  server.version = 2;
  await vi.advanceTimersByTimeAsync(pollMs);
  streams[0]!.onopen!();
  streams[0]!.tell(2);
  streams[0]!.tell(3);
  expect(heard.filter((word) => typeof word === 'number')).toEqual([1, 2, 3]);
  expect(heard.filter((word) => typeof word === 'string')).toEqual(['polling', 'on', 'polling', 'on']);
  follower.stop();
});

test('a stream that was refused is tried again later', async () => {
  const { follower, server, streams } = follow();
  follower.start();
  await vi.advanceTimersByTimeAsync(0);
  streams[0]!.readyState = 2;
  streams[0]!.onerror!();
  expect(streams[0]!.closed).toBe(true);
  server.version = 2;
  await vi.advanceTimersByTimeAsync(pollMs);
  expect(streams.length).toBe(1);
  // Nothing has changed since, and it is opened all the same.
  await vi.advanceTimersByTimeAsync(reopenMs);
  expect(streams.length).toBe(2);
  follower.stop();
});

test('without streams, an order that has ended is asked for less often', async () => {
  let asked = 0;
  const delivered = { version: 4, deliveryStatus: 'complete' } as OrderLike;
  const source: Source = { load: async (version) => (++asked, version ? undefined : delivered), open: () => undefined };
  const follower = new Follower(source, { line: () => undefined, live: () => undefined, error: () => undefined });
  follower.start();
  await vi.advanceTimersByTimeAsync(2 * endedPollMs);
  expect(asked).toBe(3);
  follower.stop();
});

test('a second is a second from question to question, however long the answer takes', async () => {
  let asked = 0;
  const slow = () => new Promise<OrderLike>((resolve) => setTimeout(() => resolve(line(1)), 0.4 * pollMs));
  const source: Source = { load: () => (++asked, slow()), open: () => undefined };
  const follower = new Follower(source, { line: () => undefined, live: () => undefined, error: () => undefined });
  follower.start();
  await vi.advanceTimersByTimeAsync(5 * pollMs + 1);
  expect(asked).toBe(6);
  follower.stop();
});

test('without streams it asks, and says so; without a server it says that', async () => {
  const { follower, heard, server } = follow();
  server.streams = false;
  follower.start();
  await vi.advanceTimersByTimeAsync(0);
  server.down = true;
  await vi.advanceTimersByTimeAsync(pollMs);
  server.down = false;
  server.version = 2;
  await vi.advanceTimersByTimeAsync(pollMs);
  expect(heard).toEqual([1, 'polling', 'off', 2, 'polling']);
  follower.stop();
  await vi.advanceTimersByTimeAsync(10 * pollMs);
  expect(vi.getTimerCount()).toBe(0);
});
