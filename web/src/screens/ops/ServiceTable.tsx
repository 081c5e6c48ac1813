import { useText } from '../../text/language';
import { sum, type Look } from './metrics';
import type { ServiceState } from './useOps';

/** Each service of this process, with its store, its outbox and how far it is behind. */
export function ServiceTable({ now, services }: { now: Look; services: readonly ServiceState[] }) {
  const { ops } = useText();
  return (
    <section className="panel" aria-labelledby="ops-services">
      <h2 id="ops-services">{ops.services}</h2>
      <div className="table-scroll" tabIndex={0} role="group" aria-labelledby="ops-services">
        <table>
          <thead>
            <tr>
              {[ops.service, ops.store, ops.outbox, ops.lag, ops.parked, ops.commits].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {services.map(({ service, oldestUnsentMillis, lag, parked }) => {
              const up = sum(now.samples, 'baedal_store_up', { service }) === 1;
              return (
                <tr key={service} data-testid="service" data-service={service}>
                  <th scope="row">{service}</th>
                  <td data-good={up}>{up ? ops.up : ops.down}</td>
                  <td>{oldestUnsentMillis === undefined ? '–' : `${(oldestUnsentMillis / 1000).toFixed(1)} s`}</td>
                  <td>{lag ?? '–'}</td>
                  <td data-good={parked.length === 0}>{parked.length}</td>
                  <td>{sum(now.samples, 'baedal_store_commits_total', { service }) ?? '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
