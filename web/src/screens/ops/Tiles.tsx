import { useText } from '../../text/language';
import { oldestWaiting, rate, sum, type Look } from './metrics';
import { stuckSeconds } from './stuck';
import type { ServiceState } from './useOps';

interface Tile {
  name: string;
  value: string;
  good: boolean;
  hint: string;
}

function seconds(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

/** What an operator looks at first. Green words are as they should be. */
export function Tiles({ now, before, services }: { now: Look; before: Look | undefined; services: readonly ServiceState[] }) {
  const { ops } = useText();
  const { samples } = now;
  const oldest = oldestWaiting(samples);
  const outbox = Math.max(0, ...services.map(({ oldestUnsentMillis }) => oldestUnsentMillis ?? 0)) / 1000;
  const lag = services.reduce((total, one) => total + (one.lag ?? 0), 0);
  const moving = rate(before, now, 'baedal_events_total', { outcome: 'handled' }) > 0;
  const parked = services.reduce((total, one) => total + one.parked.length, 0);
  const payments = sum(samples, 'baedal_payments_waiting') ?? 0;
  const open = samples.filter(({ name, labels, value }) => name === 'resilience4j_circuitbreaker_state' && labels['state'] === 'open' && value > 0);
  const tiles: Tile[] = [
    { name: ops.stuck, value: seconds(oldest), good: oldest < stuckSeconds, hint: ops.stuckHint },
    { name: ops.outbox, value: seconds(outbox), good: outbox < 10, hint: ops.outboxHint },
    { name: ops.lag, value: String(lag), good: lag === 0 || moving, hint: lag === 0 || !moving ? ops.lagHint : ops.lagMoving },
    { name: ops.parked, value: String(parked), good: parked === 0, hint: ops.parkedHint },
    { name: ops.payments, value: String(payments), good: payments === 0, hint: ops.paymentsHint },
    { name: ops.breakers, value: String(open.length), good: open.length === 0, hint: open.map(({ labels }) => labels['name']).join(', ') || ops.breakersHint },
    { name: ops.streams, value: String(sum(samples, 'baedal_mypage_streams') ?? 0), good: true, hint: ops.streamsHint },
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
