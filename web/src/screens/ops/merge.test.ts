import { expect, test } from 'vitest';
import type { Instance, Parked, ServiceState, Unsent } from './fleet';
import { asked, breakersOf, healthOf, heldOf, inOrder, lagOf, oldestUnsent, oldestWaiting, parkedOf, rateOver, sumOver, takenIn, unitOfLag } from './merge';
import type { Sample } from './metrics';

const sample = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({ name, labels, value });

function instance(name: string, service: string, more: Partial<Instance> & { from?: Sample[]; to?: Sample[]; state?: Partial<ServiceState> } = {}): Instance {
  const { from, to, state, ...rest } = more;
  return {
    instance: name,
    services: [service],
    available: true,
    _links: {},
    states: service === 'gateway' ? [] : [{ service, unsent: [], parked: [], ...state }],
    ...(from ? { before: { at: 0, samples: from } } : {}),
    ...(to ? { now: { at: 2000, samples: to } } : {}),
    ...rest,
  };
}

const parked = (eventId: string, group: string): Parked => ({ id: 1, eventId, group, type: 'Paid', key: '7', attempts: 8, reason: 'no', parkedAt: '2026-01-01T12:00:00Z' });
const unsent = (seq: number): Unsent => ({ seq, type: 'Ordered', key: '7', time: '2026-01-01T12:00:00Z' });

test('counters and rates are those of all instances together, and who says nothing adds nothing', () => {
  const of = (name: string, from: number, to: number) => instance(name, 'order', { from: [sample('a', from)], to: [sample('a', to)] });
  const all = [of('a', 10, 20), of('b', 100, 130), instance('c', 'order', { health: 'SILENT' })];
  expect(sumOver(all, 'a')).toBe(150);
  expect(rateOver(all, 'a')).toBe(20);
  expect(sumOver(all, 'nothing')).toBeUndefined();
});

test('a request that went through the gateway is one request', () => {
  const count = (value: number) => [sample('http_server_requests_seconds_count', value, { method: 'POST', uri: '/orders' })];
  const order = instance('a', 'order', { from: count(0), to: count(8) });
  const gateway = instance('self', 'gateway', { from: count(0), to: count(8) });
  expect(asked([order, gateway], 'order', 'POST', '/orders')).toBe(4);
  const whole = { ...gateway, services: ['order', 'gateway'] };
  expect(asked([whole], 'order', 'POST', '/orders')).toBe(4);
});

test('instances of one group share what is behind; of several groups the one furthest behind counts', () => {
  const behind = (name: string, service: string, group: string, lag: number) => instance(name, service, { state: { group, lag } });
  expect(lagOf([behind('a', 'order', 'order', 5), behind('b', 'order', 'order', 7)])).toBe(12);
  expect(lagOf([behind('a', 'mypage', 'view-a', 5), behind('b', 'mypage', 'view-b', 7)])).toBe(7);
  expect(lagOf([instance('a', 'menu')])).toBe(0);
  expect(unitOfLag([instance('a', 'menu'), instance('b', 'order', { state: { group: 'order', lagUnit: 'bytes' } })])).toBe('bytes');
  expect(unitOfLag([instance('a', 'menu')])).toBe('events');
});

test('views with a group of their own each take in everything, instances of one group their part', () => {
  const taking = (name: string, service: string, group: string) =>
    instance(name, service, { from: [sample('baedal_events_total', 0, { service, outcome: 'handled' })], to: [sample('baedal_events_total', 6, { service, outcome: 'handled' })], state: { group } });
  expect(takenIn([taking('a', 'order', 'order'), taking('b', 'order', 'order')], 'order')).toBe(6);
  expect(takenIn([taking('a', 'mypage', 'view-a'), taking('b', 'mypage', 'view-b')], 'mypage')).toBe(3);
});

test('of ages the oldest counts', () => {
  const waits = (name: string, seconds: number) => instance(name, 'mypage', { to: [sample('baedal_orders_waiting_oldest_age_seconds', seconds)] });
  expect(oldestWaiting([waits('a', 3), waits('b', 70), waits('c', Number.NaN)])).toBe(70);
  expect(oldestUnsent([instance('a', 'order', { state: { oldestUnsentMillis: 2500 } }), instance('b', 'order', { state: { oldestUnsentMillis: 300 } })])).toBe(2.5);
  expect(oldestUnsent([])).toBe(0);
});

test('an event parked in a shared store is one event, at an instance that can try it again', () => {
  const one = instance('a', 'order', { state: { parked: [parked('p-1', 'order')] } });
  const other = instance('b', 'order', { state: { parked: [parked('p-1', 'order'), parked('p-2', 'order')] } });
  const views = ['c', 'd'].map((name) => instance(name, 'mypage', { state: { parked: [parked('p-1', `view-${name}`)] } }));
  const found = parkedOf([one, other, ...views]).map(({ service, instance: at, events }) => [service, at.instance, events.map(({ eventId }) => eventId)]);
  expect(found).toEqual([
    ['mypage', 'c', ['p-1']],
    ['mypage', 'd', ['p-1']],
    ['order', 'a', ['p-1']],
    ['order', 'b', ['p-2']],
  ]);
});

test('what is held up is told once', () => {
  const held = heldOf([instance('a', 'order', { state: { unsent: [unsent(1)] } }), instance('b', 'order', { state: { unsent: [unsent(1), unsent(2)], parked: [parked('p-1', 'order')] } })]);
  expect(held.flatMap((one) => one.unsent.map(({ seq }) => seq))).toEqual([1, 2]);
  expect(held.flatMap((one) => one.parked.map(({ eventId }) => eventId))).toEqual(['p-1']);
});

test('breakers are told with the state they are in', () => {
  const state = (name: string, value: number, of: string) => sample('resilience4j_circuitbreaker_state', value, { name, state: of });
  expect(breakersOf(instance('a', 'gateway', { to: [state('menu', 0, 'open'), state('menu', 1, 'closed'), state('delivery', 1, 'open')] }))).toEqual([
    { name: 'delivery', state: 'open' },
    { name: 'menu', state: 'closed' },
  ]);
});

test('the system is up when all that was heard of is, and not while one does not answer', () => {
  const of = (health?: string) => instance('a', 'order', health ? { health } : {});
  expect(healthOf([of(), of()])).toBeUndefined();
  expect(healthOf([of('UP'), of()])).toBe('UP');
  expect(healthOf([of('UP'), of('SILENT')])).toBe('DOWN');
});

test('instances stand in the order in which events flow', () => {
  const all = [instance('self', 'gateway'), instance('b:2', 'order'), instance('c:1', 'menu'), instance('b:1', 'order')];
  expect(inOrder(all).map(({ instance: name }) => name)).toEqual(['c:1', 'b:1', 'b:2', 'self']);
});
