import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { OrderLike } from '../../hal/types';
import { useOrderBook } from '../../order/useOrderBook';
import { firstUrl, merged, partFrom, passes, type Filter } from './history';

/** As many as a page of the history; and of one's own, more than anybody has. */
const sizes = { latest: 20, older: 5000 };

export interface History {
  lines: OrderLike[] | undefined;
  error: unknown;
  /** Undefined when all is shown. */
  more: (() => void) | undefined;
  reload: () => void;
}

/** What has ended, part by part as it is asked for: that is not asked for again. */
function usePast(filter: Filter) {
  const [past, setPast] = useState<OrderLike[]>();
  const [next, setNext] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const chosen = useRef(filter);
  chosen.current = filter;
  useEffect(() => {
    const aborter = new AbortController();
    const first = async () => partFrom(await firstUrl(filter), filter, aborter.signal);
    setPast(undefined);
    setNext(undefined);
    first().then(
      (part) => {
        if (aborter.signal.aborted) return;
        setPast(part.lines);
        setNext(part.next);
        setError(undefined);
      },
      (reason: unknown) => !aborter.signal.aborted && setError(reason),
    );
    return () => aborter.abort();
  }, [filter, turn]);
  const more = useCallback(() => {
    if (!next) return;
    partFrom(next, filter).then((part) => {
      // Who has chosen another filter meanwhile sees nothing of this one.
      if (chosen.current !== filter) return;
      setPast((before) => merged(before ?? [], part.lines));
      setNext(part.next);
    }, setError);
  }, [next, filter]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { past, error, more: next ? more : undefined, again };
}

/**
 * The orders that pass a filter: all that are on their way, however old, and the others part by part. The first and the
 * newest are looked at again and again.
 */
export function useHistory(filter: Filter): History {
  const now = useOrderBook(sizes);
  const { past, error, more, again } = usePast(filter);
  const lines = useMemo(() => {
    if (!past) return undefined;
    return merged(past, now.lines ?? []).filter((line) => passes(line, filter));
  }, [past, now.lines, filter]);
  const { look } = now;
  // What could not be heard of the past is asked for again as soon as the present answers.
  useEffect(() => {
    if (error !== undefined && now.error === undefined) again();
  }, [now.lines, now.error, error, again]);
  const reload = useCallback(() => {
    if (error !== undefined) again();
    void look();
  }, [error, again, look]);
  return { lines, error: now.error ?? error, more, reload };
}
