import { PageLink } from '../../app/router';
import type { OrderLike } from '../../hal/types';
import { useLiveOrder } from '../../order/useLiveOrder';
import { Amount } from '../../parts/Amount';
import { Icon } from '../../parts/Icon';
import { ProgressLine } from '../../parts/ProgressLine';
import { useText } from '../../text/language';

/** Right after the press: it is placed, and moves on while one looks. */
export function PlacedNote({ order, close }: { order: OrderLike; close: () => void }) {
  const text = useText();
  const { line } = useLiveOrder(order.orderId);
  const shown = line ?? order;
  return (
    <aside className="placed" data-testid="placed" data-order-id={order.orderId} aria-label={text.menu.placed(order.orderId)}>
      <div className="placed-head">
        <span className="tick" aria-hidden="true">
          <Icon name="check" />
        </span>
        <div>
          <h2>{text.menu.placed(order.orderId)}</h2>
          <p>
            {order.menuNm} × {order.qty} <Amount amount={order.amount} currency={order.currency} />
          </p>
        </div>
        <PageLink to={`/orders/${order.orderId}`} className="button" data-testid="action-follow">
          {text.menu.follow}
        </PageLink>
        <button type="button" className="plain" onClick={close} aria-label={text.error.dismiss}>
          <Icon name="cross" />
        </button>
      </div>
      <ProgressLine order={shown} />
    </aside>
  );
}
