import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { OrderLike } from '../../hal/types';
import { isActive } from '../../order/steps';
import { useOrderBook, type OrdersNow } from '../../order/useOrderBook';
import { useAwake } from '../../parts/useAwake';
import { Ringer } from '../../parts/ringer';
import { playAlarm } from '../../parts/sound';
import { seeAll, seeOne, seenAtFirst, unseen, windowSeen, type Seen } from './seen';

export const sizes = { latest: 100, older: 20_000 };
/** A tablet that shows something else has to ring all the same. */
const hiddenMs = 5000;
const ringAgainMs = 5000;

export interface BoardState extends OrdersNow {
  /** New, and not yet acknowledged. */
  fresh: OrderLike[];
  /** That one; all of them without. */
  see: (orderId?: number) => void;
}

/** Rings while there is one of these. */
function useRinging(fresh: readonly OrderLike[]) {
  const ringer = useRef<Ringer>(undefined);
  useEffect(() => {
    const made = new Ringer(() => playAlarm('order'), ringAgainMs);
    ringer.current = made;
    return () => made.stop();
  }, []);
  useEffect(() => ringer.current?.unseen(fresh.map(({ orderId }) => orderId)), [fresh]);
}

/** All that is to be done and the latest of what is over; new orders ring until somebody has seen them. */
export function useBoard(): BoardState {
  const orders = useOrderBook(sizes, hiddenMs);
  const { lines } = orders;
  const [seen, setSeen] = useState<Seen>();
  useEffect(() => {
    if (lines) setSeen((before) => before ?? seenAtFirst(lines, windowSeen.read()));
  }, [lines]);
  useEffect(() => {
    if (seen) windowSeen.write(seen);
  }, [seen]);
  const fresh = useMemo(() => unseen(lines ?? [], seen), [lines, seen]);
  useRinging(fresh);
  useAwake(fresh.length > 0 || (lines?.some(isActive) ?? false));
  const see = useCallback(
    (orderId?: number) => setSeen((before) => (orderId !== undefined && before ? seeOne(before, orderId) : seeAll(lines ?? []))),
    [lines],
  );
  return { ...orders, fresh, see };
}
