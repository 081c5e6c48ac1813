import { Problem } from '../hal/client';
import { useText } from '../text/language';
import type { Texts } from '../text/en';
import { Icon } from './Icon';

const unauthorized = 401;
const forbidden = 403;

/** What went wrong, in words that say what can be done about it. */
export function wordsFor(error: unknown, text: Texts): string {
  if (!(error instanceof Problem)) return text.error.broken;
  if (error.status === 0) return text.error.unreachable;
  if (error.unanswered) return text.error.unanswered;
  if (error.overloaded) return text.error.busy;
  if (error.status === unauthorized) return text.error.loggedOut;
  if (error.status === forbidden) return text.error.forbidden;
  return error.message;
}

interface Props {
  error: unknown;
  title?: string;
  retry?: () => void;
  dismiss?: () => void;
}

export function ProblemNote({ error, title, retry, dismiss }: Props) {
  const text = useText();
  return (
    <div className="note bad" role="alert" data-testid="problem">
      <Icon name="alert" />
      <div>
        <strong>{title ?? text.error.title}</strong>
        <p>{wordsFor(error, text)}</p>
      </div>
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {text.error.retry}
        </button>
      )}
      {dismiss && (
        <button type="button" className="plain" onClick={dismiss} aria-label={text.error.dismiss}>
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
}
