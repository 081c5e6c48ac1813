import type { OrderLike } from '../../hal/types';
import { clockTime, since as sinceWords } from '../../format/time';
import { Icon } from '../../parts/Icon';
import { useLanguage } from '../../text/language';

interface Props {
  orderId: number;
  line: OrderLike | undefined;
  since?: string;
  /** Set: delivered, and not yet sent. */
  pressedAt?: string;
  complete?: () => void;
  /** Set: it has to be taken before it can be completed. */
  take?: (() => void) | undefined;
}

/** One delivery, for a thumb in the rain: large words, one large button. */
export function JobCard({ orderId, line, since, pressedAt, complete, take }: Props) {
  const { text, locale } = useLanguage();
  return (
    <li className="job" data-testid="job" data-order-id={orderId} data-state={pressedAt ? 'unsent' : take ? 'free' : 'open'}>
      <div className="job-head">
        <h2>{text.courier.order(orderId)}</h2>
        {since && <span className="hint">{sinceWords(since, locale)}</span>}
      </div>
      {line?.menuNm && <p className="job-items">{text.courier.items(line.qty ?? 1, line.menuNm)}</p>}
      {pressedAt ? (
        <p className="hint job-unsent">
          <Icon name="clock" /> {text.courier.queued(clockTime(pressedAt, locale))}
        </p>
      ) : take ? (
        <button type="button" className="button giant" onClick={take} data-testid="action-take" aria-label={text.courier.takeOf(orderId)}>
          <Icon name="courier" /> {text.courier.take}
        </button>
      ) : (
        <button type="button" className="button main giant" onClick={complete} data-testid="action-complete" aria-label={text.courier.doneOf(orderId)}>
          <Icon name="check" /> {text.courier.done}
        </button>
      )}
    </li>
  );
}
