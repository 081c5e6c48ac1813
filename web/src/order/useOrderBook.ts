import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLiveState } from '../app/live';
import type { OrderLike } from '../hal/types';
import { useEvery } from '../parts/useData';
import { bookSource } from './bookSource';
import { OrderBook, type BookSizes } from './orderBook';

const lookAgainMs = 1000;

export interface OrdersNow {
  /** Newest first: all that have not ended, and the newest of the others. Undefined until the first answer. */
  lines: OrderLike[] | undefined;
  /** Whether all that have not ended are in them: not while older ones are looked through, or when there are too many. */
  complete: boolean;
  looking: boolean;
  error: unknown;
  look: () => Promise<void>;
}

type Seen = Pick<OrdersNow, 'lines' | 'complete' | 'looking'>;

/** The orders of an OrderBook, looked at every second; `hiddenMs` as for useEvery(). */
export function useOrderBook({ latest, older }: BookSizes, hiddenMs?: number): OrdersNow {
  const [seen, setSeen] = useState<Seen>({ lines: undefined, complete: false, looking: true });
  const [error, setError] = useState<unknown>();
  const { show } = useLiveState();
  const opened = useRef(false);
  const book = useMemo(
    () => new OrderBook(bookSource, { latest, older }, ({ lines, complete, looking }) => opened.current && setSeen({ lines, complete, looking })),
    [latest, older],
  );
  const look = useCallback(async () => {
    try {
      await book.look();
      setError(undefined);
      show('polling');
    } catch (reason) {
      setError(reason);
      show('off');
    }
  }, [book, show]);
  useEffect(() => {
    opened.current = true;
    void look();
    return () => {
      opened.current = false;
      show(undefined);
    };
  }, [look, show]);
  useEvery(lookAgainMs, look, hiddenMs);
  return { ...seen, error, look };
}
