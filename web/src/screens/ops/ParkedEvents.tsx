import { Time } from '../../parts/Time';
import { useText } from '../../text/language';
import type { ServiceState } from './useOps';

/** Events a service could not take in, and the button that tries them again. */
export function ParkedEvents({ services, retry }: { services: readonly ServiceState[]; retry: (service: string) => void }) {
  const { ops } = useText();
  const parking = services.filter(({ parked }) => parked.length > 0);
  if (parking.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="ops-parked">
      <h2 id="ops-parked">{ops.parked}</h2>
      {parking.map(({ service, parked }) => (
        <div key={service} className="parked">
          <div className="page-head">
            <h3>{service}</h3>
            <button type="button" className="button" onClick={() => retry(service)} data-testid="action-retry">
              {ops.retry(parked.length)}
            </button>
          </div>
          <ul>
            {parked.map((event) => (
              <li key={event.id}>
                <strong>{event.type}</strong> {event.key} · <Time at={event.parkedAt} /> · {ops.attempts(event.attempts)}
                <p className="hint">{event.reason}</p>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
