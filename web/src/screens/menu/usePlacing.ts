import { useCallback, useRef, useState } from 'react';
import type { OrderLike } from '../../hal/types';
import { placeOrder } from '../../order/placeOrder';
import { useAnnounce } from '../../parts/Announcer';
import { useText } from '../../text/language';

export interface Placing {
  /** The menu that is being ordered. */
  busy: number | undefined;
  placed: OrderLike | undefined;
  failed: { menuId: number; error: unknown } | undefined;
  place: (menuId: number, qty: number) => void;
  close: () => void;
}

/** Orders one thing at a time: a second press while the first is on its way is the same order. */
export function usePlacing(): Placing {
  const [state, setState] = useState<Pick<Placing, 'busy' | 'placed' | 'failed'>>({ busy: undefined, placed: undefined, failed: undefined });
  const underWay = useRef(false);
  const announce = useAnnounce();
  const text = useText();
  const place = useCallback(
    (menuId: number, qty: number) => {
      if (underWay.current) return;
      underWay.current = true;
      setState((before) => ({ busy: menuId, placed: before.placed, failed: undefined }));
      placeOrder(menuId, qty)
        .then(
          (placed) => {
            setState({ busy: undefined, placed, failed: undefined });
            announce(text.menu.placed(placed.orderId));
          },
          (error: unknown) => setState({ busy: undefined, placed: undefined, failed: { menuId, error } }),
        )
        .finally(() => (underWay.current = false));
    },
    [announce, text],
  );
  const close = useCallback(() => setState((before) => ({ ...before, placed: undefined })), []);
  return { ...state, place, close };
}
