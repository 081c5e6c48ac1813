import type { Instance, Parked, ServiceState } from './fleet';
import { rate, sum } from './metrics';
import type { Held } from './timeLine';

/** Processes, put together: what is true of the system as a whole. */

type Labels = Record<string, string>;

/** The sum of what the instances say; undefined where none says anything. */
export function sumOver(instances: readonly Instance[], name: string, labels: Labels = {}): number | undefined {
  const said = instances.flatMap(({ now }) => (now ? (sum(now.samples, name, labels) ?? []) : []));
  return said.length > 0 ? said.reduce((total, one) => total + one, 0) : undefined;
}

/** How often a second, over all instances. */
export function rateOver(instances: readonly Instance[], name: string, labels: Labels = {}): number {
  return instances.reduce((total, { before, now }) => total + (now ? rate(before, now, name, labels) : 0), 0);
}

/** Requests that a service answers, a second. The gateway before it counts them too, and is left out. */
export function asked(instances: readonly Instance[], service: string, method: string, uri: string): number {
  const there = instances.filter(({ services }) => services.includes(service));
  return rateOver(there, 'http_server_requests_seconds_count', { method, uri });
}

function largest(numbers: Iterable<number>): number {
  return Math.max(0, ...numbers);
}

/**
 * By consumer group, the sum of what `of` gives for each instance in it. Instances of one group share the events;
 * those with a group of their own, as views have, each take all of them.
 */
function byGroup(instances: readonly Instance[], of: (instance: Instance, state: ServiceState) => number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const instance of instances) {
    for (const state of instance.states) {
      if (state.group !== undefined) sums.set(state.group, (sums.get(state.group) ?? 0) + of(instance, state));
    }
  }
  return sums;
}

/** What the group that is furthest behind has not taken in yet. */
export function lagOf(instances: readonly Instance[]): number {
  return largest(byGroup(instances, (_, { lag }) => lag ?? 0).values());
}

/** What lags are counted in; all processes are on one bus. */
export function unitOfLag(instances: readonly Instance[]): 'events' | 'bytes' {
  return instances.flatMap(({ states }) => states).find(({ lagUnit }) => lagUnit)?.lagUnit ?? 'events';
}

/** Events that a service takes in, a second. */
export function takenIn(instances: readonly Instance[], service: string): number {
  const handled = ({ before, now }: Instance, state: ServiceState) =>
    now && state.service === service ? rate(before, now, 'baedal_events_total', { service, outcome: 'handled' }) : 0;
  return largest(byGroup(instances, handled).values());
}

/** Seconds that the oldest order without a delivery has waited; 0: none waits. */
export function oldestWaiting(instances: readonly Instance[]): number {
  const ages = instances.flatMap(({ now }) => now?.samples ?? []).filter(({ name }) => name === 'baedal_orders_waiting_oldest_age_seconds');
  return largest(ages.map(({ value }) => value || 0));
}

/** Seconds that the oldest event has waited to be sent. Who shares a store sees the same events. */
export function oldestUnsent(instances: readonly Instance[]): number {
  return largest(instances.flatMap(({ states }) => states.map(({ oldestUnsentMillis }) => oldestUnsentMillis ?? 0))) / 1000;
}

export interface Breaker {
  name: string;
  state: string;
}

export function breakersOf({ now }: Instance): Breaker[] {
  return (now?.samples ?? [])
    .filter(({ name, value }) => name === 'resilience4j_circuitbreaker_state' && value > 0)
    .map(({ labels }) => ({ name: labels['name'] ?? '', state: labels['state'] ?? '' }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Events that were put aside, with one instance that can try them again. */
export interface ParkedAt {
  service: string;
  instance: Instance;
  events: Parked[];
}

/** Each once: instances that share a store list the same ones. */
export function parkedOf(instances: readonly Instance[]): ParkedAt[] {
  const seen = new Set<string>();
  const parked: ParkedAt[] = [];
  for (const instance of instances) {
    for (const { service, parked: listed } of instance.states) {
      const events = listed.filter(({ group, eventId }) => {
        const key = `${service} ${group} ${eventId}`;
        return seen.has(key) ? false : seen.add(key);
      });
      if (events.length > 0) parked.push({ service, instance, events });
    }
  }
  return parked.sort((a, b) => a.service.localeCompare(b.service));
}

/** What is held up, by service, each event once. */
export function heldOf(instances: readonly Instance[]): Held[] {
  const seen = new Set<string>();
  const unsent = instances.flatMap(({ states }) =>
    states.map(({ service, unsent: rows }) => ({
      service,
      parked: [],
      unsent: rows.filter(({ seq, type, key }) => {
        const row = `${service} ${seq} ${type} ${key}`;
        return seen.has(row) ? false : seen.add(row);
      }),
    })),
  );
  return [...unsent, ...parkedOf(instances).map(({ service, events }) => ({ service, unsent: [], parked: events }))];
}

/** UP when every instance that was heard of is; undefined before any was. */
export function healthOf(instances: readonly Instance[]): string | undefined {
  const heard = instances.flatMap(({ health }) => health ?? []);
  if (heard.length === 0) return undefined;
  return heard.every((health) => health === 'UP') ? 'UP' : 'DOWN';
}

const order = ['menu', 'order', 'payment', 'delivery', 'mypage', 'gateway'];
const placeOf = ({ services }: Instance) => Math.min(...services.map((service) => order.indexOf(service)), order.length);

/** As the events flow; instances of one service by their address. */
export function inOrder(instances: readonly Instance[]): Instance[] {
  return [...instances].sort((a, b) => placeOf(a) - placeOf(b) || a.instance.localeCompare(b.instance));
}
