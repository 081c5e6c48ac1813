import { useEffect, useState } from 'react';
import type { OrderLike } from '../../hal/types';
import { Icon } from '../../parts/Icon';
import { allowSound, soundAllowed } from '../../parts/sound';
import { useText } from '../../text/language';

const mostNamed = 3;

/** To who looks at another tab, the name of this one says it. */
function useTabName(name: string | undefined) {
  useEffect(() => {
    if (name === undefined) return undefined;
    const before = document.title;
    document.title = name;
    return () => {
      document.title = before;
    };
  }, [name]);
}

/** Loud until somebody has seen them. */
export function NewOrders({ orders, see }: { orders: readonly OrderLike[]; see: () => void }) {
  const text = useText();
  useTabName(orders.length > 0 ? text.shop.newOrders(orders.length) : undefined);
  const [loud, setLoud] = useState(soundAllowed);
  return (
    <>
      {!loud && (
        <p className="note calm" data-testid="sound-blocked">
          <Icon name="bell" />
          <span>{text.shop.soundBlocked}</span>
          <button type="button" className="button small" onClick={() => void allowSound().then(setLoud)}>
            {text.shop.soundOn}
          </button>
        </p>
      )}
      {orders.length > 0 && (
        <div className="new-orders" role="alert" data-testid="new-orders" data-count={orders.length}>
          <Icon name="bell" />
          <div>
            <h2>{text.shop.newOrders(orders.length)}</h2>
            <p>
              {orders
                .slice(0, mostNamed)
                .map((order) => `${order.menuNm ?? ''} × ${order.qty ?? 1}`)
                .join(', ')}
              {orders.length > mostNamed && ' …'}
            </p>
          </div>
          <button type="button" className="button" onClick={() => see()} data-testid="action-seen">
            {text.shop.seen}
          </button>
        </div>
      )}
    </>
  );
}
