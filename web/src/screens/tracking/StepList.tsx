import { useCallback } from 'react';
import type { OrderLike } from '../../hal/types';
import { stepsOf } from '../../order/steps';
import { timesOf } from '../../order/times';
import { Time } from '../../parts/Time';
import { useData } from '../../parts/useData';
import { useText } from '../../text/language';

/** Every step with its time, the present one with a pulse, and what comes next. */
export function StepList({ order }: { order: OrderLike }) {
  const text = useText();
  // Asked again for each version: every step is one.
  const load = useCallback((signal: AbortSignal) => timesOf(order, signal), [order.orderId, order.version]);
  const { data: times } = useData(load);
  return (
    <ol className="steps" aria-label={text.tracking.steps} aria-live="polite">
      {stepsOf(order).map(({ name, state }) => {
        const at = state === 'next' ? undefined : times?.[name];
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
