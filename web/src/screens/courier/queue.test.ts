import { expect, test } from 'vitest';
import { Problem } from '../../hal/client';
import { Queue, type Box, type Pressed } from './queue';

const pressed = (deliveryId: number): Pressed => ({ href: `/deliveries/${deliveryId}`, orderId: deliveryId, deliveryId, key: `k${deliveryId}`, pressedAt: '2026-11-23T12:00:00Z' });

function setUp() {
  let kept: Pressed[] = [];
  const box: Box = { read: () => [...kept], write: (next) => void (kept = next) };
  const sent: string[] = [];
  const told: string[] = [];
  const network = { answer: (_: Pressed): void => undefined };
  const queue = new Queue(
    box,
    (one) => {
      sent.push(one.key);
      return new Promise((resolve, reject) => {
        try {
          resolve(network.answer(one));
        } catch (error) {
          reject(error as Error);
        }
      });
    },
    (one, fate) => told.push(`${one.deliveryId} ${fate}`),
  );
  return { queue, sent, told, network, box };
}

const offline = () => {
  throw new Problem(0, 'unreachable', '');
};

test('what cannot be sent waits, with the time it was pressed, and is sent once', async () => {
  const { queue, sent, told, network } = setUp();
  network.answer = offline;
  queue.add(pressed(1));
  queue.add(pressed(2));
  await queue.flush();
  expect(sent).toEqual(['k1']);
  expect(queue.waiting.map(({ pressedAt }) => pressedAt)).toEqual(['2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z']);
  network.answer = () => undefined;
  await Promise.all([queue.flush(), queue.flush()]);
  await queue.flush();
  expect(sent).toEqual(['k1', 'k1', 'k2']);
  expect(told).toEqual(['1 sent', '2 sent']);
});

test('a delivery is pressed once, however often the button is', () => {
  const { queue } = setUp();
  queue.add(pressed(1));
  queue.add({ ...pressed(1), key: 'another' });
  expect(queue.waiting.map(({ key }) => key)).toEqual(['k1']);
});

test('what is refused is told and does not hold up the others', async () => {
  const { queue, told, network } = setUp();
  network.answer = ({ deliveryId }) => {
    if (deliveryId === 1) throw new Problem(409, 'delivery-cancelled', '');
  };
  queue.add(pressed(1));
  queue.add(pressed(2));
  await queue.flush();
  expect(told).toEqual(['1 refused', '2 sent']);
  expect(queue.waiting).toEqual([]);
});

test.each([
  ['is too busy', 503],
  ['asks for a login', 401],
])('a server that %s is asked again later', async (_, status) => {
  const { queue, told, network } = setUp();
  network.answer = () => {
    throw new Problem(status, '', '');
  };
  queue.add(pressed(1));
  await queue.flush();
  expect(told).toEqual([]);
  expect(queue.waiting.length).toBe(1);
});
