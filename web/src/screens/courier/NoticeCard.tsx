import { clockTime } from '../../format/time';
import { Icon } from '../../parts/Icon';
import { wordsFor } from '../../parts/ProblemNote';
import { useLanguage } from '../../text/language';
import type { Notice } from './useCourier';

export function NoticeCard({ notice, close }: { notice: Notice; close: () => void }) {
  const { text, locale } = useLanguage();
  if (notice.kind === 'done') {
    return (
      <p className="note good" role="status" data-testid="notice-done" data-order-id={notice.orderId}>
        <Icon name="check" />
        <span>{text.courier.confirmed(notice.orderId, clockTime(notice.at, locale))}</span>
        <button type="button" className="plain" onClick={close} aria-label={text.error.dismiss}>
          <Icon name="cross" />
        </button>
      </p>
    );
  }
  if (notice.kind === 'elsewhere') {
    return (
      <p className="note warn" role="status" data-testid="notice-elsewhere" data-order-id={notice.orderId}>
        <Icon name="courier" />
        <span>{text.courier.takenElsewhere(notice.orderId)}</span>
        <button type="button" className="plain" onClick={close} aria-label={text.error.dismiss}>
          <Icon name="cross" />
        </button>
      </p>
    );
  }
  const cancelled = notice.kind === 'cancelled';
  return (
    <div className="loud" role="alert" data-testid={`notice-${notice.kind}`} data-order-id={notice.orderId}>
      <Icon name="alert" />
      <h2>{cancelled ? text.courier.cancelled(notice.orderId) : text.courier.refused(notice.orderId)}</h2>
      <p>{cancelled ? text.courier.cancelledHint : wordsFor(notice.error, text)}</p>
      <button type="button" className="button" onClick={close}>
        {text.courier.understood}
      </button>
    </div>
  );
}
