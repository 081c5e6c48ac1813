import { useState } from 'react';
import { Loading } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { useText } from '../../text/language';
import { FlowPicture } from './FlowPicture';
import { InstanceTable } from './InstanceTable';
import { healthOf, heldOf } from './merge';
import { OrderLanes } from './OrderLanes';
import { ParkedEvents } from './ParkedEvents';
import { ServiceTable } from './ServiceTable';
import { whoKnows } from './stuck';
import { StuckOrders } from './StuckOrders';
import { Tiles } from './Tiles';
import { useOps } from './useOps';

/** The system as it is at this moment. */
export function OpsScreen() {
  const text = useText();
  const { instances, error, retry } = useOps();
  const [asked, setAsked] = useState<number>();
  const health = healthOf(instances);
  const up = instances.filter((instance) => instance.health === 'UP').length;
  return (
    <section className="page broad" data-testid="screen-ops">
      <header className="page-head">
        <div>
          <h1>{text.ops.title}</h1>
          <p className="lead">{text.ops.lead}</p>
        </div>
        {health && (
          <span className="pill health" data-health={health} data-testid="health">
            {instances.length === 1 ? (health === 'UP' ? text.ops.up : text.ops.down) : text.ops.upOf(up, instances.length)}
          </span>
        )}
      </header>
      {error !== undefined && <ProblemNote error={error} />}
      {!health && error === undefined && <Loading />}
      {health && (
        <>
          <Tiles instances={instances} />
          <StuckOrders ask={whoKnows(instances)} look={setAsked} />
          <FlowPicture instances={instances} />
          <InstanceTable instances={instances} />
          <ServiceTable instances={instances} />
          <ParkedEvents instances={instances} retry={retry} />
        </>
      )}
      <OrderLanes services={heldOf(instances)} asked={asked} />
    </section>
  );
}
