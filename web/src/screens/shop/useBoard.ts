import { useCallback, useEffect, useState } from 'react';
import { useLiveState } from '../../app/live';
import type { OrderLike } from '../../hal/types';
import { playAlarm } from '../../parts/sound';
import { useEvery } from '../../parts/useData';
import { latestOrders, unseen } from './board';

const lookAgainMs = 1000;
const ringAgainMs = 5000;

export interface BoardState {
  lines: OrderLike[] | undefined;
  error: unknown;
  /** New, and not yet acknowledged. */
  fresh: OrderLike[];
  see: () => void;
}

/** The latest orders; new ones ring until somebody has seen them. */
export function useBoard(): BoardState {
  const [lines, setLines] = useState<OrderLike[]>();
  const [error, setError] = useState<unknown>();
  const [seenUpTo, setSeenUpTo] = useState<number>();
  const { show } = useLiveState();
  const look = useCallback(async () => {
    try {
      const news = await latestOrders();
      setLines(news);
      // What was there when the board was opened is not news.
      setSeenUpTo((before) => before ?? Math.max(0, ...news.map(({ orderId }) => orderId)));
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

  const fresh = unseen(lines ?? [], seenUpTo);
  const ring = useCallback(() => {
    playAlarm('order');
  }, []);
  const count = fresh.length;
  useEffect(() => {
    if (count === 0) return;
    ring();
    const timer = setInterval(ring, ringAgainMs);
    return () => clearInterval(timer);
  }, [count, ring]);
  const see = useCallback(() => setSeenUpTo(Math.max(0, ...(lines ?? []).map(({ orderId }) => orderId))), [lines]);
  return { lines, error, fresh, see };
}
