import { money } from '../../format/money';
import type { OrderLike } from '../../hal/types';
import { stageOf } from '../../order/steps';
import { Icon } from '../../parts/Icon';
import { useLanguage } from '../../text/language';

/** What became of the money of an order that was cancelled. */
export function Outcome({ order }: { order: OrderLike }) {
  const { text, locale } = useLanguage();
  if (stageOf(order) !== 'cancelled') return null;
  const words = (() => {
    if (order.paymentStatus === 'declined') return text.tracking.declinedHint;
    if (order.paymentStatus === 'paid') return text.tracking.refunding;
    if (order.paymentStatus !== 'refunded') return text.tracking.nothingCharged;
    if (!order.amount) return text.tracking.refundedPlain;
    return text.tracking.refunded(money(order.amount, order.currency ?? 'KRW', locale));
  })();
  return (
    <p className="note calm" role="status" data-testid="outcome" data-payment={order.paymentStatus ?? ''}>
      <Icon name="wallet" />
      <span>{words}</span>
    </p>
  );
}
