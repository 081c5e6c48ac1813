import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLiveState } from '../../app/live';
import { Problem, newKey } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import type { Delivery } from '../../hal/types';
import { useEvery } from '../../parts/useData';
import { playAlarm } from '../../parts/sound';
import { useAwake } from '../../parts/useAwake';
import { mustTake } from '../../session/roles';
import { useSession } from '../../session/useSession';
import { deliveryNow, openJobs, takeDelivery, type Job } from './jobs';
import { Queue, deviceBox, type Pressed } from './queue';
import { sendPressed } from './sendPressed';
import { Taken, deviceTaken } from './taken';

const lookAgainMs = 1000;
/** What is cancelled has to be heard in a pocket and beside a map as well. */
const hiddenMs = 5000;

export interface Notice {
  kind: 'done' | 'cancelled' | 'refused' | 'elsewhere';
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
  take: (delivery: Delivery) => void;
  /** Whether it may be completed here: taken before, or nobody has to take it. */
  isTaken: (delivery: Delivery) => boolean;
  close: (notice: Notice) => void;
  done: number;
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
  const { me } = useSession();
  const courier = mustTake(me) ? me?.subject : undefined;
  /** Where each courier has their own; undefined where everybody completes everything. */
  const taken = useMemo(() => (courier ? new Taken(deviceTaken(courier)) : undefined), [courier]);

  const note = useCallback((notice: Notice) => setNotices((before) => [notice, ...before]), []);
  const queue = useMemo(
    () =>
      new Queue(deviceBox, sendPressed, ({ orderId, deliveryId, pressedAt }, fate, reason) => {
        shown.current.delete(deliveryId);
        taken?.forget(deliveryId);
        if (fate === 'sent') {
          setDone((before) => before + 1);
          note({ kind: 'done', orderId, at: pressedAt });
        } else {
          playAlarm('cancelled');
          note({ kind: 'refused', orderId, at: pressedAt, error: reason });
        }
      }),
    [note, taken],
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
        taken?.forget(id);
        if (now.status !== 'cancelled') continue;
        playAlarm('cancelled');
        note({ kind: 'cancelled', orderId: now.orderId, at: now.updatedAt });
      }
      for (const { delivery } of present) {
        // What becomes of those of others is theirs to hear.
        if (!taken || taken.isMine(delivery.deliveryId)) shown.current.set(delivery.deliveryId, delivery);
      }
    },
    [note, queue, taken],
  );

  const look = useCallback(async () => {
    try {
      await queue.flush();
      setWaiting(queue.waiting);
      const present = await openJobs();
      await missed(present);
      setJobs(present.filter(({ delivery }) => !taken?.isElsewhere(delivery.deliveryId)));
      setError(undefined);
      show('polling');
    } catch (reason) {
      setError(reason);
      show('off');
    }
  }, [queue, missed, show, taken]);

  useEffect(() => {
    void look();
    return () => show(undefined);
  }, [look, show]);
  useEvery(lookAgainMs, look, hiddenMs);
  useAwake((jobs?.length ?? 0) + waiting.length > 0);

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
  const take = useCallback(
    (delivery: Delivery) => {
      const { deliveryId, orderId } = delivery;
      takeDelivery(delivery)
        .then(
          () => taken?.take(deliveryId),
          (reason: unknown) => {
            if (!(reason instanceof Problem && reason.code === 'delivery-taken')) {
              setError(reason);
              return;
            }
            taken?.leave(deliveryId);
            note({ kind: 'elsewhere', orderId, at: new Date().toISOString() });
          },
        )
        .finally(() => void look());
    },
    [taken, note, look],
  );
  const isTaken = useCallback((delivery: Delivery) => !taken || taken.isMine(delivery.deliveryId), [taken]);
  const close = useCallback((notice: Notice) => setNotices((before) => before.filter((other) => other !== notice)), []);
  return { jobs, waiting, notices, error, complete, take, isTaken, close, done };
}
