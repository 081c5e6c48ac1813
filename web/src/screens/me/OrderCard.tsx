import { PageLink } from '../../app/router';
import type { OrderLike } from '../../hal/types';
import { isActive, stageOf } from '../../order/steps';
import { Amount } from '../../parts/Amount';
import { Dish } from '../../parts/Dish';
import { ProgressLine } from '../../parts/ProgressLine';
import { StagePill } from '../../parts/StagePill';
import { Time } from '../../parts/Time';
import { useText } from '../../text/language';
import type { Placing } from '../menu/usePlacing';

/** The states in the API's own words, side by side. */
function States({ line }: { line: OrderLike }) {
  const text = useText();
  const states = [
    [text.me.status, line.status],
    [text.me.payment, line.paymentStatus],
    [text.me.delivery, line.deliveryStatus],
  ] as const;
  return (
    <dl className="states">
      {states.map(([name, word]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text.word[word ?? 'none']}</dd>
        </div>
      ))}
    </dl>
  );
}

export function OrderCard({ line, placing }: { line: OrderLike; placing: Placing }) {
  const text = useText();
  const stage = stageOf(line);
  const name = line.menuNm ?? '';
  const again = line.menuId;
  return (
    <li className="order-card" data-testid="order-card" data-order-id={line.orderId} data-state={stage} data-version={line.version}>
      <div className="order-main">
        <Dish name={name} />
        <div className="words">
          <h3>
            <PageLink to={`/orders/${line.orderId}`} className="cover">
              {name} <span className="times">× {line.qty ?? 1}</span>
            </PageLink>
          </h3>
          <p className="hint">
            {text.me.open(line.orderId)}
            {line.createdAt && (
              <>
                {' · '}
                <Time at={line.createdAt} />
              </>
            )}
          </p>
        </div>
        <div className="order-end">
          <Amount amount={line.amount} currency={line.currency} />
          <StagePill stage={stage} />
        </div>
      </div>
      {isActive(line) ? (
        <ProgressLine order={line} />
      ) : (
        <div className="order-foot">
          <States line={line} />
          {again !== null && (
            <button type="button" className="button small" aria-disabled={placing.busy !== undefined} data-testid="action-again"
              aria-label={text.me.againOf(name)} onClick={() => placing.place(again, line.qty ?? 1)}>
              {text.me.again}
            </button>
          )}
        </div>
      )}
      {isActive(line) && <States line={line} />}
    </li>
  );
}
