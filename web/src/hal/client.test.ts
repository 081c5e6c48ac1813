import { afterEach, expect, test, vi } from 'vitest';
import { Problem, get, guardBy, write, type Refused } from './client';

interface Sent {
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/** A server that answers these, one after the other, and remembers what it was sent. */
function answering(...statuses: number[]): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (url: string, { headers, body }: { headers: Record<string, string>; body?: unknown }) => {
    sent.push({ url, headers, body });
    return new Response(JSON.stringify({ code: 'unauthorized', detail: 'no' }), { status: statuses[sent.length - 1] ?? 500 });
  });
  return sent;
}

afterEach(() => {
  guardBy(undefined);
  vi.unstubAllGlobals();
});

test('what was refused is sent again with the same key and the same words', async () => {
  const sent = answering(401, 201);
  let token = 'old';
  guardBy({
    headers: () => ({ 'X-CSRF-Token': token }),
    recover: async () => {
      token = 'new';
      return true;
    },
  });
  await write('/orders', { method: 'POST', body: { qty: 1 }, key: 'k' });
  expect(sent.map(({ headers, body }) => [headers['Idempotency-Key'], headers['X-CSRF-Token'], body])).toEqual([
    ['k', 'old', '{"qty":1}'],
    ['k', 'new', '{"qty":1}'],
  ]);
});

test('what the doorkeeper gives up is told as it was', async () => {
  const sent = answering(401, 401, 401);
  const asked: Refused[] = [];
  guardBy({
    headers: () => ({}),
    recover: async (_, refused) => {
      asked.push(refused);
      return refused.tries < 2;
    },
  });
  await expect(get('/orders')).rejects.toMatchObject({ status: 401, code: 'unauthorized' });
  expect(sent.length).toBe(3);
  expect(asked).toEqual([0, 1, 2].map((tries) => ({ pressed: false, tries })));
});

test('a press is known from what the page sends by itself', async () => {
  const pressed: boolean[] = [];
  guardBy({
    headers: () => ({}),
    recover: async (_, refused) => {
      pressed.push(refused.pressed);
      return false;
    },
  });
  answering(401, 401);
  await expect(write('/a', { method: 'POST' })).rejects.toBeInstanceOf(Problem);
  await expect(write('/b', { method: 'PATCH', later: true })).rejects.toBeInstanceOf(Problem);
  expect(pressed).toEqual([true, false]);
});

test('what got no answer is not asked about', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('failed');
  });
  const recover = vi.fn(async () => true);
  guardBy({ headers: () => ({}), recover });
  await expect(get('/orders')).rejects.toMatchObject({ status: 0 });
  expect(recover).not.toHaveBeenCalled();
});
