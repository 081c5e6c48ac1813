import { stepsOf } from '../order/steps';
import type { OrderLike } from '../hal/types';
import { useText } from '../text/language';

/** The way of an order on one line. */
export function ProgressLine({ order }: { order: OrderLike }) {
  const text = useText();
  return (
    <ol className="progress" aria-label={text.tracking.steps}>
      {stepsOf(order).map(({ name, state }) => (
        <li key={name} data-step={name} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="dot" aria-hidden="true" />
          <span className="word">{text.step[name]}</span>
        </li>
      ))}
    </ol>
  );
}
