import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';

const Say = createContext<(words: string) => void>(() => undefined);

/** Says something to people who listen to the page instead of looking at it. */
export function Announcer({ children }: { children: ReactNode }) {
  const [words, setWords] = useState({ text: '', turn: 0 });
  const say = useCallback((text: string) => setWords((before) => ({ text, turn: before.turn + 1 })), []);
  return (
    <Say value={say}>
      {children}
      <p className="unseen" aria-live="polite" data-testid="announced">
        <span key={words.turn}>{words.text}</span>
      </p>
    </Say>
  );
}

export const useAnnounce = () => useContext(Say);
