import { useCallback, useEffect, useRef, useState } from 'react';

export interface Data<T> {
  data: T | undefined;
  error: unknown;
  /** Asks again, now. */
  reload: () => void;
}

/** Calls `load` now, when it changes, and at each reload(). What was there stays while it is asked for again. */
export function useData<T>(load: (signal: AbortSignal) => Promise<T>): Data<T> {
  const [state, setState] = useState<{ data: T | undefined; error: unknown }>({ data: undefined, error: undefined });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const aborter = new AbortController();
    load(aborter.signal).then(
      (data) => !aborter.signal.aborted && setState({ data, error: undefined }),
      (error: unknown) => !aborter.signal.aborted && setState((before) => ({ data: before.data, error })),
    );
    return () => aborter.abort();
  }, [load, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, reload };
}

/** Calls `look` every `milliseconds` while the page can be seen, and at once when it is seen again. */
export function useEvery(milliseconds: number, look: () => void): void {
  const latest = useRef(look);
  useEffect(() => {
    latest.current = look;
  });
  useEffect(() => {
    const tick = () => document.visibilityState === 'visible' && latest.current();
    const timer = setInterval(tick, milliseconds);
    document.addEventListener('visibilitychange', tick);
    addEventListener('online', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
      removeEventListener('online', tick);
    };
  }, [milliseconds]);
}
