import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';

/** How the page hears of changes: told as they happen, by asking, or not at all. */
export type Live = 'on' | 'polling' | 'off';

interface LiveState {
  live: Live | undefined;
  show: (live: Live | undefined) => void;
}

const State = createContext<LiveState | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const [live, setLive] = useState<Live>();
  useEffect(() => {
    document.body.dataset['live'] = live ?? '';
  }, [live]);
  const show = useCallback((next: Live | undefined) => setLive(next), []);
  return <State value={{ live, show }}>{children}</State>;
}

export function useLiveState(): LiveState {
  const state = useContext(State);
  if (!state) throw new Error('There is no LiveProvider above this.');
  return state;
}
