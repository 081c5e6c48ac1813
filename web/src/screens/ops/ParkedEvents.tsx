import { Time } from '../../parts/Time';
import { useText } from '../../text/language';
import type { Instance } from './fleet';
import { parkedOf } from './merge';

interface Props {
  instances: readonly Instance[];
  retry: (instance: Instance, service: string) => void;
}

/** Events a service could not take in, and the button that tries them again where they are. */
export function ParkedEvents({ instances, retry }: Props) {
  const { ops } = useText();
  const parked = parkedOf(instances);
  if (parked.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="ops-parked">
      <h2 id="ops-parked">{ops.parked}</h2>
      {parked.map(({ service, instance, events }) => (
        <div key={`${service} ${instance.instance}`} className="parked" data-testid="parked" data-service={service} data-instance={instance.instance}>
          <div className="page-head">
            <h3>
              {service} {instance.instance !== 'self' && <small className="hint">{instance.instance}</small>}
            </h3>
            <button type="button" className="button" onClick={() => retry(instance, service)} data-testid="action-retry">
              {ops.retry(events.length)}
            </button>
          </div>
          <ul>
            {events.map((event) => (
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
