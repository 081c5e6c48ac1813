import { useCallback, useEffect, useState } from 'react';
import { useLiveState } from '../../app/live';
import { Problem, get, write } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import type { Resource } from '../../hal/types';
import { useEvery } from '../../parts/useData';
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

export interface ServiceState {
  service: string;
  relaying?: boolean;
  oldestUnsentMillis?: number;
  lag?: number;
  unsent: Unsent[];
  parked: Parked[];
}

export interface Ops {
  /** The last look and the one before it. */
  now: Look | undefined;
  before: Look | undefined;
  services: ServiceState[];
  health: string | undefined;
  error: unknown;
  retry: (service: string) => void;
}

const lookAgainMs = 2000;
const management = '/actuator';

interface Outbox {
  services: ServiceState[];
}

async function outboxNow(entrance: Resource): Promise<Outbox> {
  const link = linkOf(entrance, 'outbox');
  return link ? await get<Outbox>(follow(link)) : { services: [] };
}

async function metricsNow(entrance: Resource): Promise<Look> {
  const link = linkOf(entrance, 'prometheus');
  if (!link) return { at: Date.now(), samples: [] };
  const response = await fetch(`${follow(link)}?histograms=false`, { cache: 'no-store' });
  return { at: Date.now(), samples: parseMetrics(await response.text()) };
}

/** A service that is down answers 503, with the same body. */
async function healthNow(entrance: Resource): Promise<string> {
  const link = linkOf(entrance, 'health');
  if (!link) return 'UNKNOWN';
  try {
    return (await get<{ status: string }>(follow(link))).status;
  } catch (error) {
    if (error instanceof Problem && error.status !== 0) return String(error.members['status'] ?? 'DOWN');
    throw error;
  }
}

/** What the process that serves this page knows of itself, every two seconds. */
export function useOps(): Ops {
  const [state, setState] = useState<Omit<Ops, 'retry' | 'error'>>({ now: undefined, before: undefined, services: [], health: undefined });
  const [error, setError] = useState<unknown>();
  const { show } = useLiveState();
  const look = useCallback(async () => {
    try {
      const entrance = await get<Resource>(management);
      const [now, { services }, health] = await Promise.all([metricsNow(entrance), outboxNow(entrance), healthNow(entrance)]);
      setState((earlier) => ({ now, before: earlier.now, services, health }));
      setError(undefined);
      show('polling');
    } catch (reason) {
      setError(reason);
      show('off');
    }
  }, [show]);
  useEffect(() => {
    void look();
    return () => show(undefined);
  }, [look, show]);
  useEvery(lookAgainMs, () => void look());
  const retry = useCallback(
    (service: string) => {
      write(`${management}/outbox/${service}/retry`, { method: 'POST' }).then(look, setError);
    },
    [look],
  );
  return { ...state, error, retry };
}
