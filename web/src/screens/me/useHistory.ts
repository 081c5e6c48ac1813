import { useCallback, useEffect, useRef, useState } from 'react';
import type { OrderLike } from '../../hal/types';
import { useEvery } from '../../parts/useData';
import { firstUrl, merged, partFrom, passes, type Filter } from './history';

const lookAgainMs = 2000;

export interface History {
  lines: OrderLike[] | undefined;
  error: unknown;
  /** Undefined when all is shown. */
  more: (() => void) | undefined;
  reload: () => void;
}

/** The orders that pass a filter, part by part; the newest are looked at again and again. */
export function useHistory(filter: Filter): History {
  const [lines, setLines] = useState<OrderLike[]>();
  const [next, setNext] = useState<string>();
  const [error, setError] = useState<unknown>();
  const chosen = useRef(filter);
  chosen.current = filter;
  const look = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const part = await partFrom(await firstUrl(filter), filter, signal);
        // Who has chosen another filter meanwhile sees nothing of this one.
        if (chosen.current !== filter) return undefined;
        setLines((before) => merged(before ?? [], part.lines).filter((line) => passes(line, filter)));
        setError(undefined);
        return part;
      } catch (reason) {
        if (!signal?.aborted) setError(reason);
        return undefined;
      }
    },
    [filter],
  );
  useEffect(() => {
    const aborter = new AbortController();
    setLines(undefined);
    void look(aborter.signal).then((part) => !aborter.signal.aborted && setNext(part?.next));
    return () => aborter.abort();
  }, [look]);
  useEvery(lookAgainMs, () => void look());
  const more = useCallback(() => {
    if (!next) return;
    partFrom(next, filter).then((part) => {
      if (chosen.current !== filter) return;
      setLines((before) => merged(before ?? [], part.lines));
      setNext(part.next);
    }, setError);
  }, [next, filter]);
  return { lines, error, more: next ? more : undefined, reload: () => void look() };
}
