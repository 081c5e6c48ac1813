import { useId, useRef, useState } from 'react';
import { Problem, newKey, write } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import type { OrderLike } from '../../hal/types';
import { cancelBlock } from '../../order/steps';
import { Icon } from '../../parts/Icon';
import { ProblemNote } from '../../parts/ProblemNote';
import { useText } from '../../text/language';

/**
 * What the answer to a refused cancel means: the delivery was sooner, or it cannot be said now. The order that is in
 * the answer may not have heard of its delivery yet.
 */
export function outcomeOf(error: unknown): 'lost' | 'later' | 'failed' {
  if (!(error instanceof Problem)) return 'failed';
  if (error.code === 'order-delivered') return 'lost';
  return error.overloaded ? 'later' : 'failed';
}

interface Props {
  /** As the order itself says: it has the link that is cancelled. */
  order: OrderLike;
  present: OrderLike;
  changed: () => void;
}

export function CancelOrder({ order, present, changed }: Props) {
  const text = useText();
  const reasonId = useId();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ outcome: 'lost' | 'later' | 'failed'; error: unknown }>();
  const key = useRef<string>(undefined);
  const block = cancelBlock(present);
  const self = linkOf(order, 'order') ?? linkOf(order, 'self');

  const cancel = async () => {
    if (busy || !self) return;
    setBusy(true);
    setRefused(undefined);
    key.current ??= newKey();
    try {
      await write(follow(self), { method: 'PATCH', body: { status: 'cancel' }, key: key.current });
    } catch (error) {
      // The next try is a new one, unless this one may have been heard.
      if (!(error instanceof Problem && error.unanswered)) key.current = undefined;
      setRefused({ outcome: outcomeOf(error), error });
    }
    setBusy(false);
    setAsking(false);
    changed();
  };

  if (block === 'cancelled' && !refused) return null;
  return (
    <section className="cancel">
      {refused?.outcome === 'lost' && (
        <p className="note warn" role="alert" data-testid="cancel-lost">
          <Icon name="alert" />
          <span>{text.tracking.lost}</span>
        </p>
      )}
      {refused?.outcome === 'later' && (
        <p className="note warn" role="alert" data-testid="cancel-later">
          <Icon name="clock" />
          <span>{text.tracking.cancelLater}</span>
        </p>
      )}
      {refused?.outcome === 'failed' && <ProblemNote error={refused.error} retry={() => void cancel()} />}
      {asking && !block ? (
        <div className="ask" role="group" aria-label={text.tracking.cancelAsk}>
          <div>
            <strong>{text.tracking.cancelAsk}</strong>
            <p>{text.tracking.cancelEffect}</p>
          </div>
          <button type="button" className="button" onClick={() => setAsking(false)} data-testid="action-keep">
            {text.tracking.cancelNo}
          </button>
          <button type="button" className="button danger" autoFocus aria-disabled={busy} onClick={() => void cancel()} data-testid="action-cancel-yes">
            {busy ? text.tracking.cancelling : text.tracking.cancelYes}
          </button>
        </div>
      ) : (
        <div className="cancel-row">
          <button type="button" className="button quiet" disabled={block !== undefined} aria-describedby={block && reasonId}
            onClick={() => setAsking(true)} data-testid="action-cancel">
            {text.tracking.cancel}
          </button>
          {block && (
            <p id={reasonId} className="hint" data-testid="cancel-reason">
              {text.tracking.blocked[block]}
            </p>
          )}
        </div>
      )}
    </section>
  );
}
