import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLiveState } from '../../app/live';
import { newKey, write } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import type { Delivery } from '../../hal/types';
import { useEvery } from '../../parts/useData';
import { playAlarm } from '../../parts/sound';
import { deliveryNow, openJobs, type Job } from './jobs';
import { Queue, deviceBox, type Pressed } from './queue';

const lookAgainMs = 2000;

export interface Notice {
  kind: 'done' | 'cancelled' | 'refused';
  orderId: number;
  at: string;
  error?: unknown;
}

export interface Courier {
  jobs: Job[] | undefined;
  waiting: Pressed[];
  notices: Notice[];
  error: unknown;
  complete: (delivery: Delivery) => void;
  close: (notice: Notice) => void;
  done: number;
}

function send({ href, key }: Pressed): Promise<void> {
  return write(href, { method: 'PATCH', body: { status: 'complete' }, key });
}

/** The deliveries to make, those pressed and not yet sent, and what happened meanwhile. */
export function useCourier(): Courier {
  const [jobs, setJobs] = useState<Job[]>();
  const [error, setError] = useState<unknown>();
  const [waiting, setWaiting] = useState<Pressed[]>(() => deviceBox.read());
  const [notices, setNotices] = useState<Notice[]>([]);
  const [done, setDone] = useState(0);
  const shown = useRef(new Map<number, Delivery>());
  const { show } = useLiveState();

  const note = useCallback((notice: Notice) => setNotices((before) => [notice, ...before]), []);
  const queue = useMemo(
    () =>
      new Queue(deviceBox, send, ({ orderId, deliveryId, pressedAt }, fate, reason) => {
        shown.current.delete(deliveryId);
        if (fate === 'sent') {
          setDone((before) => before + 1);
          note({ kind: 'done', orderId, at: pressedAt });
        } else {
          playAlarm('cancelled');
          note({ kind: 'refused', orderId, at: pressedAt, error: reason });
        }
      }),
    [note],
  );

  /** What was here and is not any more, and was not delivered here: cancelled? */
  const missed = useCallback(
    async (present: Job[]) => {
      const ids = new Set(present.map(({ delivery }) => delivery.deliveryId));
      const pressed = new Set(queue.waiting.map(({ deliveryId }) => deliveryId));
      for (const [id, delivery] of shown.current) {
        if (ids.has(id) || pressed.has(id)) continue;
        const now = await deliveryNow(delivery);
        if (now.status === 'started') continue;
        shown.current.delete(id);
        if (now.status !== 'cancelled') continue;
        playAlarm('cancelled');
        note({ kind: 'cancelled', orderId: now.orderId, at: now.updatedAt });
      }
      for (const { delivery } of present) shown.current.set(delivery.deliveryId, delivery);
    },
    [note, queue],
  );

  const look = useCallback(async () => {
    try {
      await queue.flush();
      setWaiting(queue.waiting);
      const present = await openJobs();
      await missed(present);
      setJobs(present);
      setError(undefined);
      show('polling');
    } catch (reason) {
      setError(reason);
      show('off');
    }
  }, [queue, missed, show]);

  useEffect(() => {
    void look();
    return () => show(undefined);
  }, [look, show]);
  useEvery(lookAgainMs, () => void look());

  const complete = useCallback(
    (delivery: Delivery) => {
      const self = linkOf(delivery, 'self');
      if (!self) return;
      const { orderId, deliveryId } = delivery;
      queue.add({ href: follow(self), orderId, deliveryId, key: newKey(), pressedAt: new Date().toISOString() });
      setWaiting(queue.waiting);
      void look();
    },
    [queue, look],
  );
  const close = useCallback((notice: Notice) => setNotices((before) => before.filter((other) => other !== notice)), []);
  return { jobs, waiting, notices, error, complete, close, done };
}
