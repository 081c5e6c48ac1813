import type { OrderLike } from '../../hal/types';
import { money } from '../../format/money';
import { Amount } from '../../parts/Amount';
import { Dish } from '../../parts/Dish';
import { useLanguage } from '../../text/language';

export function OrderDetails({ order }: { order: OrderLike }) {
  const { text, locale } = useLanguage();
  const name = order.menuNm ?? '';
  const quantity = order.qty ?? 1;
  const each = order.amount !== null && quantity > 1 ? money(order.amount / quantity, order.currency ?? 'KRW', locale) : undefined;
  return (
    <section className="details" aria-label={text.tracking.details}>
      <Dish name={name} />
      <div className="words">
        <h2>
          {name} <span className="times">× {quantity}</span>
        </h2>
        {each && <p className="hint">{text.tracking.unit(each)}</p>}
      </div>
      <Amount amount={order.amount} currency={order.currency} none={text.menu.noPrice} />
    </section>
  );
}
