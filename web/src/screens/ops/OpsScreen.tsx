import { useState } from 'react';
import { Loading } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { useText } from '../../text/language';
import { FlowPicture } from './FlowPicture';
import { OrderLanes } from './OrderLanes';
import { ParkedEvents } from './ParkedEvents';
import { oldestWaiting } from './metrics';
import { suspiciousSeconds } from './stuck';
import { ServiceTable } from './ServiceTable';
import { StuckOrders } from './StuckOrders';
import { Tiles } from './Tiles';
import { useOps } from './useOps';

/** The system as it is at this moment. */
export function OpsScreen() {
  const text = useText();
  const { now, before, services, health, error, retry } = useOps();
  const [asked, setAsked] = useState<number>();
  return (
    <section className="page broad" data-testid="screen-ops">
      <header className="page-head">
        <div>
          <h1>{text.ops.title}</h1>
          <p className="lead">{text.ops.lead}</p>
        </div>
        {health && (
          <span className="pill health" data-health={health} data-testid="health">
            {health === 'UP' ? text.ops.up : text.ops.down}
          </span>
        )}
      </header>
      {error !== undefined && <ProblemNote error={error} />}
      {!now && error === undefined && <Loading />}
      {now && (
        <>
          <Tiles now={now} before={before} services={services} />
          <StuckOrders some={oldestWaiting(now.samples) >= suspiciousSeconds} look={setAsked} />
          <FlowPicture now={now} before={before} />
          <ServiceTable now={now} services={services} />
          <ParkedEvents services={services} retry={retry} />
        </>
      )}
      <OrderLanes services={services} asked={asked} />
    </section>
  );
}
