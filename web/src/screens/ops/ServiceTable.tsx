import { amount } from '../../format/amount';
import { useLanguage, useText } from '../../text/language';
import { DataTable } from './DataTable';
import type { Instance, ServiceState } from './fleet';
import { sum } from './metrics';

/** Each service in each process, with its store, its outbox and how far it is behind. */
export function ServiceTable({ instances }: { instances: readonly Instance[] }) {
  const { ops } = useText();
  return (
    <DataTable id="ops-services" title={ops.services} words={3} columns={[ops.service, ops.instance, ops.store, ops.outbox, ops.lag, ops.parked, ops.commits]}>
      {instances.flatMap((instance) => instance.states.map((state) => <Row key={`${instance.instance} ${state.service}`} instance={instance} state={state} />))}
    </DataTable>
  );
}

function Row({ instance: { instance, now }, state }: { instance: Instance; state: ServiceState }) {
  const { locale, text } = useLanguage();
  const { ops } = text;
  const { service, oldestUnsentMillis, lag, lagUnit = 'events', parked } = state;
  const up = now && sum(now.samples, 'baedal_store_up', { service }) === 1;
  return (
    <tr data-testid="service" data-service={service} data-instance={instance}>
      <th scope="row">{service}</th>
      <td>{instance === 'self' ? ops.here : instance}</td>
      <td data-good={up}>{up === undefined ? '–' : up ? ops.up : ops.down}</td>
      <td>{oldestUnsentMillis === undefined ? '–' : `${(oldestUnsentMillis / 1000).toFixed(1)} s`}</td>
      <td>{lag === undefined ? '–' : amount(lag, lagUnit, locale)}</td>
      <td data-good={parked.length === 0}>{parked.length}</td>
      <td>{(now && sum(now.samples, 'baedal_store_commits_total', { service })) ?? '–'}</td>
    </tr>
  );
}
