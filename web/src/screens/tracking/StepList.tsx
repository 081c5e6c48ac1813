import { useCallback, useRef } from 'react';
import type { OrderLike } from '../../hal/types';
import { stepsOf } from '../../order/steps';
import { latestStep, timesOf, type StepTimes } from '../../order/times';
import { Time } from '../../parts/Time';
import { useData } from '../../parts/useData';
import { useText } from '../../text/language';

/** Every step with its time, the present one with a pulse, and what comes next. */
export function StepList({ order }: { order: OrderLike }) {
  const text = useText();
  // Asked again for each version: every step is one.
  const load = useCallback((signal: AbortSignal) => timesOf(order, signal), [order.orderId, order.version]);
  const { data: times } = useData(load);
  // What was seen happening stays known, also when its service has forgotten or does not tell this visitor.
  const seen = useRef<{ order: number; times: StepTimes }>({ order: order.orderId, times: {} });
  if (seen.current.order !== order.orderId) seen.current = { order: order.orderId, times: {} };
  seen.current.times = { ...latestStep(order), ...seen.current.times, ...times };
  const known = seen.current.times;
  return (
    <ol className="steps" aria-label={text.tracking.steps} aria-live="polite">
      {stepsOf(order, known.onTheWay !== undefined).map(({ name, state }) => {
        const at = state === 'next' ? undefined : known[name];
        return (
          <li key={name} data-step={name} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span className="dot" aria-hidden="true" />
            <span className="word">{text.step[name]}</span>
            {at && <Time at={at} />}
          </li>
        );
      })}
    </ol>
  );
}
