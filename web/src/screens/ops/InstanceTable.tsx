import { Time } from '../../parts/Time';
import { useText } from '../../text/language';
import { DataTable } from './DataTable';
import { silent, type Instance } from './fleet';
import { breakersOf } from './merge';
import { sum } from './metrics';

/** Each process, with its health and its circuit breakers. */
export function InstanceTable({ instances }: { instances: readonly Instance[] }) {
  const { ops } = useText();
  return (
    <DataTable id="ops-instances" title={ops.instances} words={4} columns={[ops.instance, ops.services, ops.health, ops.breakerStates, ops.since]}>
      {instances.map((instance) => (
        <Row key={instance.instance} of={instance} />
      ))}
    </DataTable>
  );
}

function Row({ of }: { of: Instance }) {
  const { ops } = useText();
  const { instance, services, available, health, now } = of;
  const started = now && sum(now.samples, 'process_start_time_seconds');
  const breakers = breakersOf(of);
  const stateWords: Record<string, string | undefined> = ops.breakerState;
  const words = health === undefined ? '–' : health === silent ? ops.silent : health !== 'UP' ? ops.down : available ? ops.up : ops.leftAlone;
  return (
    <tr data-testid="instance" data-instance={instance} data-services={services.join(' ')} data-health={health}>
      <th scope="row">{instance === 'self' ? ops.here : instance}</th>
      <td>{services.join(', ')}</td>
      <td data-good={health === undefined ? undefined : health === 'UP' && available}>{words}</td>
      <td>
        {breakers.length === 0 && '–'}
        <ul className="breakers">
          {breakers.map(({ name, state }) => (
            <li key={name} data-state={state}>
              {name}: {stateWords[state] ?? state}
            </li>
          ))}
        </ul>
      </td>
      <td>{started === undefined ? '–' : <Time at={new Date(started * 1000).toISOString()} />}</td>
    </tr>
  );
}
