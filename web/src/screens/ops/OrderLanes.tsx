import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { Problem, get, linkFromEntrance } from '../../hal/client';
import { follow } from '../../hal/link';
import type { Delivery, OrderLike, Payment } from '../../hal/types';
import { eventsOf } from '../../order/events';
import { ProblemNote } from '../../parts/ProblemNote';
import { preciseTime } from '../../format/time';
import { useLanguage } from '../../text/language';
import { heldUp, timeLine, type Held, type Moment } from './timeLine';

const missing = 404;

async function found<R>(collection: string, orderId: number): Promise<R | undefined> {
  try {
    return await get<R>(follow(await linkFromEntrance(collection, 'search', 'findByOrderId'), { orderId }));
  } catch (error) {
    if (error instanceof Problem && error.status === missing) return undefined;
    throw error;
  }
}

async function momentsOf(order: number): Promise<Moment[]> {
  const [line, payment, delivery] = await Promise.all([
    found<OrderLike>('mypages', order),
    found<Payment>('payments', order),
    found<Delivery>('deliveries', order),
  ]);
  return timeLine(line, payment, delivery, line && (await eventsOf(line)));
}

/** How long after the first; what happens between services is often told in milliseconds. */
function after(at: string, first: string, locale: string): string {
  const seconds = (Date.parse(at) - Date.parse(first)) / 1000;
  return `+${new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(seconds)} s`;
}

interface Props {
  services: readonly Held[];
  /** An order that is asked for from elsewhere on the page. */
  asked: number | undefined;
}

/** One order across the services, on one line of time. */
export function OrderLanes({ services, asked }: Props) {
  const { text, locale } = useLanguage();
  const [typed, setTyped] = useState('');
  const [shown, setShown] = useState<{ order: number; moments: Moment[] }>();
  const [error, setError] = useState<unknown>();
  const look = useCallback((order: number) => {
    momentsOf(order).then((moments) => {
      setShown({ order, moments });
      setError(undefined);
    }, setError);
  }, []);
  useEffect(() => {
    if (asked === undefined) return;
    setTyped(String(asked));
    look(asked);
  }, [asked, look]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const order = Number(typed.replace(/\D/g, ''));
    if (order) look(order);
  };
  const first = shown?.moments[0]?.at ?? '';
  const held = shown ? heldUp(shown.order, services) : [];
  return (
    <section className="panel" aria-labelledby="ops-order">
      <h2 id="ops-order">{text.ops.order}</h2>
      <p className="hint">{text.ops.orderHint}</p>
      <form className="address" onSubmit={submit}>
        <label htmlFor="ops-order-number">{text.ops.orderNumber}</label>
        <input id="ops-order-number" inputMode="numeric" value={typed} onChange={(event) => setTyped(event.target.value)} data-testid="order-number" />
        <button type="submit" className="button main" data-testid="action-look-order">
          {text.ops.look}
        </button>
      </form>
      {error !== undefined && <ProblemNote error={error} />}
      {shown?.moments.length === 0 && <p className="hint" role="status">{text.tracking.missing}</p>}
      {shown && shown.moments.length > 0 && (
        <ol className="moments" data-testid="moments" data-order-id={shown.order}>
          {shown.moments.map(({ at, service, id, what, event, eventId, version }) => (
            <li key={`${service}${what}`} data-service={service} data-what={what}>
              <time dateTime={at} title={at}>
                {preciseTime(at, locale)}
              </time>
              <span className="moment-after">{at === first ? '' : after(at, first, locale)}</span>
              <span className="service-name">
                {service} {id}
                {version !== undefined && ` · ${text.ops.version(version)}`}
              </span>
              <strong>{what === 'requested' ? text.ops.requested : what === 'shown' ? text.ops.shown : text.word[what]}</strong>
              {event && (
                <span className="event-told">
                  <code className="event-name">{event}</code>
                  {eventId && <code className="event-id">{eventId}</code>}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {held.length > 0 && (
        <ul className="held" data-testid="held-up">
          {held.map(({ service, type, id, parked, reason }) => (
            <li key={`${service}${id}`}>
              <code className="event-name">{type}</code> {parked ? text.ops.heldParked(service, id) : text.ops.heldUnsent(service, id)}
              {reason && <p className="hint">{reason}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
