import { useEffect, useRef, useState } from 'react';
import { PageLink } from '../../app/router';
import { Problem, get } from '../../hal/client';
import type { OrderLike } from '../../hal/types';
import { stageOf, type Stage } from '../../order/steps';
import { useLiveOrder } from '../../order/useLiveOrder';
import { useAnnounce } from '../../parts/Announcer';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { StagePill } from '../../parts/StagePill';
import { useMay } from '../../session/useSession';
import { useText } from '../../text/language';
import { CancelOrder } from './CancelOrder';
import { OrderDetails } from './OrderDetails';
import { Outcome } from './Outcome';
import { StepList } from './StepList';

const missing = 404;

/** Says each new stage aloud, but not the one the page was opened in. */
function useSpokenStage(stage: Stage | undefined) {
  const text = useText();
  const announce = useAnnounce();
  const before = useRef<Stage>(undefined);
  useEffect(() => {
    if (stage && before.current && before.current !== stage) announce(text.tracking.next[stage]);
    before.current = stage;
  }, [stage, announce, text]);
}

/** The page of one order. Its address is also the order's own: asked for as HAL, it answers the order itself. */
export function TrackingScreen({ order }: { order: number }) {
  const text = useText();
  const { line, error, refresh } = useLiveOrder(order);
  const [first, setFirst] = useState<OrderLike>();
  const [absent, setAbsent] = useState(false);
  const mayDo = useMay();
  useEffect(() => {
    const aborter = new AbortController();
    get<OrderLike>(location.pathname, aborter.signal).then(setFirst, (reason: unknown) => {
      if (reason instanceof Problem && reason.status === missing) setAbsent(true);
    });
    return () => aborter.abort();
  }, [order]);
  const shown = line ?? first;
  const stage = shown && stageOf(shown);
  useSpokenStage(stage);
  if (absent) {
    return (
      <section className="page" data-testid="screen-tracking">
        <Empty title={text.tracking.missing} hint={text.tracking.missingHint}>
          {mayDo('readLines') && (
            <PageLink to="/me" className="button main">
              {text.me.title}
            </PageLink>
          )}
        </Empty>
      </section>
    );
  }
  return (
    <section className="page narrow" data-testid="screen-tracking">
      {error !== undefined && <ProblemNote error={error} retry={refresh} />}
      {!shown || !stage ? (
        error === undefined && <Loading />
      ) : (
        <article className="tracking" data-testid="order-card" data-order-id={order} data-state={stage} data-version={shown.version}>
          <header className="tracking-head" data-stage={stage}>
            <p className="over">{text.tracking.title(order)}</p>
            <h1>{text.tracking.next[stage]}</h1>
            <StagePill stage={stage} />
          </header>
          <Outcome order={shown} />
          <StepList order={shown} />
          <OrderDetails order={shown} />
          {mayDo('order') && <CancelOrder order={first ?? shown} present={shown} changed={refresh} />}
        </article>
      )}
    </section>
  );
}
