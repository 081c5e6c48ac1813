import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../../hal/client';
import { sendPressed } from './sendPressed';

const pressed = { href: '/deliveries/3', orderId: 7, deliveryId: 3, key: 'k3', pressedAt: '2026-11-23T12:00:00.000Z' };
let sent: [key: string, body: unknown][];
let refusals: { status: number; code: string }[];

beforeEach(() => {
  sent = [];
  refusals = [];
  vi.stubGlobal('fetch', async (_: string, { headers, body }: { headers: Record<string, string>; body: string }) => {
    sent.push([headers['Idempotency-Key'] ?? '', JSON.parse(body)]);
    const refusal = refusals.shift();
    return new Response(JSON.stringify(refusal ? { code: refusal.code } : {}), { status: refusal?.status ?? 200 });
  });
});

test('a delivery is complete as of when it was pressed', async () => {
  await sendPressed(pressed);
  expect(sent).toEqual([['k3', { status: 'complete', completedAt: pressed.pressedAt }]]);
});

test('where that cannot have been, the clock is wrong, and it is complete as of now', async () => {
  refusals = [{ status: 422, code: 'completed-at-impossible' }];
  await sendPressed(pressed);
  expect(sent.slice(1)).toEqual([['k3-now', { status: 'complete' }]]);
});

test('whatever else is refused stays refused', async () => {
  refusals = [{ status: 409, code: 'delivery-cancelled' }];
  await expect(sendPressed(pressed)).rejects.toBeInstanceOf(Problem);
  expect(sent.length).toBe(1);
});
