import { useState, type FormEvent } from 'react';
import { Problem, get, linkFromEntrance } from '../../hal/client';
import { follow } from '../../hal/link';
import type { Delivery, OrderLike, Payment } from '../../hal/types';
import { ProblemNote } from '../../parts/ProblemNote';
import { Time } from '../../parts/Time';
import { exactTime } from '../../format/time';
import { useLanguage } from '../../text/language';
import { timeLine, type Moment } from './timeLine';

const missing = 404;

async function found<R>(collection: string, relation: string, orderId: number): Promise<R | undefined> {
  try {
    return await get<R>(follow(await linkFromEntrance(collection, 'search', relation), { orderId }));
  } catch (error) {
    if (error instanceof Problem && error.status === missing) return undefined;
    throw error;
  }
}

/** One order across the services, on one line of time. */
export function OrderLanes() {
  const { text, locale } = useLanguage();
  const [typed, setTyped] = useState('');
  const [moments, setMoments] = useState<Moment[]>();
  const [error, setError] = useState<unknown>();
  const look = async (event: FormEvent) => {
    event.preventDefault();
    const order = Number(typed.replace(/\D/g, ''));
    if (!order) return;
    try {
      const [line, payment, delivery] = await Promise.all([
        found<OrderLike>('mypages', 'findByOrderId', order),
        found<Payment>('payments', 'findByOrderId', order),
        found<Delivery>('deliveries', 'findByOrderId', order),
      ]);
      setMoments(timeLine(line, payment, delivery));
      setError(undefined);
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <section className="panel" aria-labelledby="ops-order">
      <h2 id="ops-order">{text.ops.order}</h2>
      <form className="address" onSubmit={(event) => void look(event)}>
        <label htmlFor="ops-order-number">{text.ops.orderNumber}</label>
        <input id="ops-order-number" inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value)} />
        <button type="submit" className="button main">
          {text.ops.look}
        </button>
      </form>
      {error !== undefined && <ProblemNote error={error} />}
      {moments?.length === 0 && <p className="hint">{text.tracking.missing}</p>}
      {moments && moments.length > 0 && (
        <ol className="moments" data-testid="moments">
          {moments.map(({ at, service, id, what }) => (
            <li key={`${service}${what}`} data-service={service}>
              <Time at={at} />
              <span className="service-name">
                {service} {id}
              </span>
              <strong>{text.word[what]}</strong>
              <span className="hint">{exactTime(at, locale)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
