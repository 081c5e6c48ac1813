import { Problem, get, getText } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import type { Resource } from '../../hal/types';
import { parseMetrics, type Look } from './metrics';

/** An event that the bus has not got yet. */
export interface Unsent {
  seq: number;
  type: string;
  key: string;
  time: string;
}

export interface Parked {
  id: number;
  eventId: string;
  group: string;
  type: string;
  key: string;
  attempts: number;
  reason: string;
  parkedAt: string;
}

/** What a process says of one of its services. */
export interface ServiceState {
  service: string;
  relaying?: boolean;
  oldestUnsentMillis?: number;
  group?: string;
  lag?: number;
  /** What `lag` counts: an embedded bus counts bytes of its log. */
  lagUnit?: 'events' | 'bytes';
  unsent: Unsent[];
  parked: Parked[];
}

/** One process, as the gateway lists it. */
export interface Member extends Resource {
  /** Its address; `self`: the one that serves this page. */
  instance: string;
  services: string[];
  /** Whether the gateway sends it requests now. */
  available: boolean;
}

/** No answer came, from the instance that is. */
export const silent = 'SILENT';

/** One process, and what it said last. */
export interface Instance extends Member {
  /** UP, DOWN, OUT_OF_SERVICE; SILENT; undefined until something was heard or time is up. */
  health?: string;
  now?: Look;
  before?: Look;
  states: ServiceState[];
}

const management = '/actuator';
const patienceMs = 4000;

/** Every process there is. */
export async function membersNow(): Promise<Member[]> {
  const link = linkOf(await get<Resource>(management), 'fleet');
  if (!link) throw new Problem(0, 'no-link', 'This server does not know of any fleet.');
  const { _embedded } = await get<{ _embedded: { instances: Member[] } }>(follow(link));
  return _embedded.instances;
}

/** A process that is down says so with 503, and in words; the gateway, which was not answered, has a number there. */
async function healthOf(member: Member, signal: AbortSignal): Promise<string> {
  const link = linkOf(member, 'health');
  if (!link) return silent;
  try {
    return (await get<{ status: string }>(follow(link), signal)).status;
  } catch (error) {
    if (!(error instanceof Problem)) return silent;
    if (error.status === 401 || error.status === 403) throw error;
    return typeof error.members['status'] === 'string' ? error.members['status'] : silent;
  }
}

async function metricsOf(member: Member, signal: AbortSignal): Promise<Look | undefined> {
  const link = linkOf(member, 'prometheus');
  if (!link) return undefined;
  const text = await getText(`${follow(link)}?histograms=false`, signal);
  return { at: Date.now(), samples: parseMetrics(text) };
}

/** What can be had of it now: one whose store is away has health and metrics, and no outbox. */
export async function lookAt(member: Member): Promise<Omit<Instance, 'before'>> {
  const signal = AbortSignal.timeout(patienceMs);
  const health = await healthOf(member, signal);
  if (health === silent) return { ...member, health, states: [] };
  const outbox = linkOf(member, 'outbox');
  const [now, told] = await Promise.allSettled([
    metricsOf(member, signal),
    outbox ? get<{ services: ServiceState[] }>(follow(outbox), signal) : undefined,
  ]);
  return {
    ...member,
    health,
    ...(now.status === 'fulfilled' && now.value ? { now: now.value } : {}),
    states: told.status === 'fulfilled' ? (told.value?.services ?? []) : [],
  };
}
