import { useCallback, useEffect, useState } from 'react';
import { PageLink } from '../../app/router';
import { since as sinceWords } from '../../format/time';
import { ProblemNote } from '../../parts/ProblemNote';
import { Time } from '../../parts/Time';
import { useEvery } from '../../parts/useData';
import { useLanguage } from '../../text/language';
import { stuckNow, type StuckOrder } from './stuck';

const lookAgainMs = 5000;

interface Props {
  /** Whether some order waits for longer than it should: only then is it worth asking which. */
  some: boolean;
  look: (orderId: number) => void;
}

/** Orders that do not get on, with what they wait for and where to look. */
export function StuckOrders({ some, look }: Props) {
  const { text, locale } = useLanguage();
  const [orders, setOrders] = useState<StuckOrder[]>([]);
  const [error, setError] = useState<unknown>();
  const ask = useCallback(() => {
    if (!some) {
      setOrders([]);
      return;
    }
    stuckNow().then((found) => {
      setOrders(found);
      setError(undefined);
    }, setError);
  }, [some]);
  useEffect(ask, [ask]);
  useEvery(lookAgainMs, ask);
  if (error === undefined && orders.length === 0) return null;
  return (
    <section className="panel stuck" aria-labelledby="ops-stuck">
      <h2 id="ops-stuck">{text.ops.stuckOrders(orders.length)}</h2>
      {error !== undefined && <ProblemNote error={error} />}
      <ul>
        {orders.map(({ orderId, menuNm, waitsFor, since }) => (
          <li key={orderId} data-testid="stuck-order" data-order-id={orderId} data-waits-for={waitsFor}>
            <PageLink to={`/orders/${orderId}`}>
              <strong>{text.me.open(orderId)}</strong>
            </PageLink>
            <span>{menuNm}</span>
            <span className="hint">
              {text.ops.waitsFor[waitsFor]} · <Time at={since} /> · {sinceWords(since, locale)}
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
