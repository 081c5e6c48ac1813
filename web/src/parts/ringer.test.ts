import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Ringer } from './ringer';

const everyMs = 5000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('it rings at once and again until everything was seen, and then no more', () => {
  const ring = vi.fn();
  const ringer = new Ringer(ring, everyMs);
  ringer.unseen([]);
  vi.advanceTimersByTime(2 * everyMs);
  expect(ring).not.toHaveBeenCalled();
  ringer.unseen([7]);
  expect(ring).toHaveBeenCalledTimes(1);
  // Looked at each second, with nothing new: it keeps its own time.
  for (let second = 0; second < 10; ++second) {
    vi.advanceTimersByTime(1000);
    ringer.unseen([7]);
  }
  expect(ring).toHaveBeenCalledTimes(3);
  ringer.unseen([]);
  vi.advanceTimersByTime(10 * everyMs);
  expect(ring).toHaveBeenCalledTimes(3);
});

test('another one rings at once, and seeing one of two leaves the other ringing', () => {
  const ring = vi.fn();
  const ringer = new Ringer(ring, everyMs);
  ringer.unseen([7]);
  ringer.unseen([8, 7]);
  expect(ring).toHaveBeenCalledTimes(2);
  ringer.unseen([8]);
  expect(ring).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(everyMs);
  expect(ring).toHaveBeenCalledTimes(3);
  ringer.stop();
  vi.advanceTimersByTime(10 * everyMs);
  expect(ring).toHaveBeenCalledTimes(3);
});
