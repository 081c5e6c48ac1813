import { useEffect } from 'react';

/** Keeps the screen from going dark while that is wanted and the page can be seen, where the browser lets it. */
export function useAwake(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !('wakeLock' in navigator)) return undefined;
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const take = async () => {
      if (document.visibilityState !== 'visible' || (lock && !lock.released)) return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (over) await lock.release();
      } catch {
        // Refused, with a battery that is nearly empty for example: the screen does as it always does.
      }
    };
    const look = () => void take();
    look();
    // Whoever hides the page loses the lock.
    document.addEventListener('visibilitychange', look);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', look);
      void lock?.release();
    };
  }, [wanted]);
}
