import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Rounds, patienceMs } from './rounds';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function going(pauseMs: () => number | undefined, answerMs = () => 0) {
  const looks: number[] = [];
  const begin = Date.now();
  const rounds = new Rounds(
    () => {
      looks.push(Date.now() - begin);
      return new Promise((resolve) => setTimeout(resolve, answerMs()));
    },
    pauseMs,
  );
  rounds.wait();
  return { rounds, looks };
}

test('a second is a second from look to look, however long an answer takes within it', async () => {
  const { rounds, looks } = going(() => 1000, () => 300);
  await vi.advanceTimersByTimeAsync(3500);
  expect(looks).toEqual([1000, 2000, 3000]);
  rounds.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(looks.length).toBe(3);
});

test('who answers slowly is asked once at a time, and who never answers is asked again', async () => {
  let answerMs = 2500;
  const { rounds, looks } = going(() => 1000, () => answerMs);
  await vi.advanceTimersByTimeAsync(4000);
  expect(looks).toEqual([1000, 3500]);
  answerMs = 10 * patienceMs;
  await vi.advanceTimersByTimeAsync(2000);
  expect(looks).toEqual([1000, 3500, 6000]);
  await vi.advanceTimersByTimeAsync(patienceMs);
  expect(looks.at(-1)).toBe(6000 + patienceMs);
  rounds.stop();
});

test('a page that cannot be seen looks less often, or not at all, and at once when it is seen again', async () => {
  const hidden = { pause: 5000 as number | undefined };
  let seen = true;
  const { rounds, looks } = going(() => (seen ? 1000 : hidden.pause));
  await vi.advanceTimersByTimeAsync(1000);
  seen = false;
  rounds.wait();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toEqual([1000, 6000, 11_000]);
  hidden.pause = undefined;
  rounds.wait();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks.length).toBe(3);
  seen = true;
  rounds.now();
  await vi.advanceTimersByTimeAsync(1000);
  expect(looks.slice(3)).toEqual([71_000, 72_000]);
  rounds.stop();
});

test('who asks during a look gets another one right after it', async () => {
  const { rounds, looks } = going(() => 60_000, () => 200);
  rounds.now();
  rounds.now();
  rounds.now();
  await vi.advanceTimersByTimeAsync(1000);
  expect(looks).toEqual([0, 200]);
  rounds.stop();
});
