import { expect, test } from 'vitest';
import { parseMetrics, rate, sum } from './metrics';

const text = `# HELP baedal_events_total Events
# TYPE baedal_events_total counter
baedal_events_total{outcome="handled",service="order"} 3
baedal_events_total{outcome="handled",service="payment"} 1
baedal_bus_up 1
odd{path="a \\"b\\", c"} NaN
`;

test('metrics are read with their labels', () => {
  const samples = parseMetrics(text);
  expect(samples.length).toBe(4);
  expect(sum(samples, 'baedal_events_total')).toBe(4);
  expect(sum(samples, 'baedal_events_total', { service: 'order' })).toBe(3);
  expect(sum(samples, 'baedal_bus_up')).toBe(1);
  expect(sum(samples, 'nothing')).toBeUndefined();
});

test('a rate is what was added in a second, and never less than nothing', () => {
  const at = (seconds: number, value: number) => ({ at: seconds * 1000, samples: [{ name: 'a', labels: {}, value }] });
  expect(rate(at(0, 10), at(2, 30), 'a')).toBe(10);
  expect(rate(at(0, 10), at(2, 0), 'a')).toBe(0);
  expect(rate(undefined, at(2, 30), 'a')).toBe(0);
});

test('between two processes that answer at one address there is no rate', () => {
  const at = (seconds: number, value: number, started: number) => ({
    at: seconds * 1000,
    samples: [{ name: 'a', labels: {}, value }, { name: 'process_start_time_seconds', labels: {}, value: started }],
  });
  expect(rate(at(0, 10, 100), at(2, 30, 100.0004), 'a')).toBe(10);
  expect(rate(at(0, 10, 100), at(2, 30, 160), 'a')).toBe(0);
});
