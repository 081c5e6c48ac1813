import { useCallback, useEffect, useRef, useState } from 'react';
import { onRefresh } from './refresh';
import { Rounds } from './rounds';

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

/**
 * Calls `look` every `milliseconds` while the page can be seen, at once when it is seen or online again, and when
 * somebody asks for it. `hiddenMilliseconds`: how often while it cannot be seen; not at all unless given.
 */
export function useEvery(milliseconds: number, look: () => unknown, hiddenMilliseconds?: number): void {
  const latest = useRef(look);
  useEffect(() => {
    latest.current = look;
  });
  useEffect(() => {
    const isSeen = () => document.visibilityState === 'visible';
    const rounds = new Rounds(
      () => latest.current(),
      () => (isSeen() ? milliseconds : hiddenMilliseconds),
    );
    const turn = () => (isSeen() ? rounds.now() : rounds.wait());
    const online = () => rounds.now();
    const forget = onRefresh(online);
    rounds.wait();
    document.addEventListener('visibilitychange', turn);
    addEventListener('online', online);
    return () => {
      rounds.stop();
      forget();
      document.removeEventListener('visibilitychange', turn);
      removeEventListener('online', online);
    };
  }, [milliseconds, hiddenMilliseconds]);
}
