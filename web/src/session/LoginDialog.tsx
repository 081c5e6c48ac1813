import { useEffect, useId, useRef } from 'react';
import { Icon } from '../parts/Icon';
import { useText } from '../text/language';
import { LoginForm } from './LoginForm';
import { session } from './here';
import { useSession } from './useSession';

/** Asks over the page, which stays as it is underneath: what was pressed goes on after the login. */
export function LoginDialog() {
  const text = useText();
  const { asking, expired, me } = useSession();
  const titleId = useId();
  const hintId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!asking) {
      dialog.current?.close();
      return;
    }
    dialog.current?.showModal();
    // What is to be typed first, not the button that closes it.
    const inputs = [...(dialog.current?.querySelectorAll('input') ?? [])];
    inputs.find(({ value }) => value === '')?.focus();
  }, [asking]);
  // However it was closed: browsers do so by themselves at the second Escape.
  const closed = () => {
    if (session.now().asking) session.dismiss();
  };
  return (
    <dialog ref={dialog} className="login-dialog" aria-labelledby={titleId} aria-describedby={hintId} onClose={closed} data-testid="login-dialog">
      {asking && (
        <>
          <header>
            <h2 id={titleId}>{expired ? text.session.again : text.session.title}</h2>
            <button type="button" className="plain" onClick={() => session.dismiss()} aria-label={text.error.dismiss} data-testid="action-not-now">
              <Icon name="cross" />
            </button>
          </header>
          <p id={hintId} className="hint">{expired ? text.session.kept : text.session.toGoOn}</p>
          <LoginForm name={expired ? (me?.subject ?? '') : ''} />
        </>
      )}
    </dialog>
  );
}
