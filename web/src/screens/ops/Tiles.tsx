import { amount } from '../../format/amount';
import { useLanguage } from '../../text/language';
import type { Instance } from './fleet';
import { breakersOf, lagOf, oldestUnsent, oldestWaiting, parkedOf, rateOver, sumOver, unitOfLag } from './merge';
import { stuckSeconds } from './stuck';

interface Tile {
  name: string;
  value: string;
  good: boolean;
  hint: string;
}

const seconds = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;

/** What an operator looks at first. Green words are as they should be. */
export function Tiles({ instances }: { instances: readonly Instance[] }) {
  const { locale, text } = useLanguage();
  const { ops } = text;
  const oldest = oldestWaiting(instances);
  const outbox = oldestUnsent(instances);
  const lag = lagOf(instances);
  const moving = rateOver(instances, 'baedal_events_total', { outcome: 'handled' }) > 0;
  const parked = parkedOf(instances).reduce((total, { events }) => total + events.length, 0);
  const payments = sumOver(instances, 'baedal_payments_waiting') ?? 0;
  const open = instances.flatMap(breakersOf).filter(({ state }) => state === 'open');
  const tiles: Tile[] = [
    { name: ops.stuck, value: seconds(oldest), good: oldest < stuckSeconds, hint: ops.stuckHint },
    { name: ops.outbox, value: seconds(outbox), good: outbox < 10, hint: ops.outboxHint },
    { name: ops.lag, value: amount(lag, unitOfLag(instances), locale), good: lag === 0 || moving, hint: lag === 0 || !moving ? ops.lagHint : ops.lagMoving },
    { name: ops.parked, value: String(parked), good: parked === 0, hint: ops.parkedHint },
    { name: ops.payments, value: String(payments), good: payments === 0, hint: ops.paymentsHint },
    { name: ops.breakers, value: String(open.length), good: open.length === 0, hint: [...new Set(open.map(({ name }) => name))].join(', ') || ops.breakersHint },
    { name: ops.streams, value: String(sumOver(instances, 'baedal_mypage_streams') ?? 0), good: true, hint: ops.streamsHint },
  ];
  return (
    <dl className="tiles">
      {tiles.map(({ name, value, good, hint }) => (
        <div key={name} className="tile" data-good={good}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          <dd className="hint">{hint}</dd>
        </div>
      ))}
    </dl>
  );
}
