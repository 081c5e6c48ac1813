import { useCallback, useEffect, useState } from 'react';
import { PageLink } from '../../app/router';
import { since as sinceWords } from '../../format/time';
import { ProblemNote } from '../../parts/ProblemNote';
import { Time } from '../../parts/Time';
import { useEvery } from '../../parts/useData';
import { useLanguage } from '../../text/language';
import { stuckNow, type WaitingOrder } from './stuck';

const lookAgainMs = 5000;

interface Props {
  /** Where to ask; nowhere while no order waits for longer than it should. */
  ask: string[];
  look: (orderId: number) => void;
}

/** Orders that do not get on, with what they wait for and where to look. */
export function StuckOrders({ ask: addresses, look }: Props) {
  const { text, locale } = useLanguage();
  const [orders, setOrders] = useState<WaitingOrder[]>([]);
  const [error, setError] = useState<unknown>();
  const where = addresses.join(' ');
  const ask = useCallback(() => {
    stuckNow(where === '' ? [] : where.split(' ')).then((found) => {
      setOrders(found);
      setError(undefined);
    }, setError);
  }, [where]);
  useEffect(ask, [ask]);
  useEvery(lookAgainMs, ask);
  if (error === undefined && orders.length === 0) return null;
  return (
    <section className="panel stuck" aria-labelledby="ops-stuck">
      <h2 id="ops-stuck">{text.ops.stuckOrders(orders.length)}</h2>
      {error !== undefined && <ProblemNote error={error} />}
      <ul>
        {orders.map(({ orderId, menuNm, waitsFor, createdAt }) => (
          <li key={orderId} data-testid="stuck-order" data-order-id={orderId} data-waits-for={waitsFor}>
            <PageLink to={`/orders/${orderId}`}>
              <strong>{text.me.open(orderId)}</strong>
            </PageLink>
            <span>{menuNm}</span>
            <span className="hint">
              {text.ops.waitsFor[waitsFor]} · <Time at={createdAt} /> · {sinceWords(createdAt, locale)}
            </span>
            <button type="button" className="button small" onClick={() => look(orderId)} data-testid="action-look">
              {text.ops.look}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
