import { useState } from 'react';
import { useAnnounce } from '../parts/Announcer';
import { Icon } from '../parts/Icon';
import { wordsFor } from '../parts/ProblemNote';
import { useText } from '../text/language';
import { session } from './here';
import { useSession } from './useSession';

/** Who is logged in, and the way in and out; nothing where everybody may do everything. */
export function Account() {
  const text = useText();
  const announce = useAnnounce();
  const { me, expired } = useSession();
  const [busy, setBusy] = useState(false);
  if (!me || me.open || !me.login) return null;
  if (me.subject === null || expired) {
    return (
      <button type="button" className="button small log-in" onClick={() => void session.ask()} data-testid="action-ask-login">
        {text.session.logIn}
      </button>
    );
  }
  const logOut = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await session.logOut();
      announce(text.session.loggedOut);
    } catch (error) {
      announce(wordsFor(error, text));
    }
    setBusy(false);
  };
  return (
    <span className="account">
      <span className="account-name" data-testid="account-name" title={text.session.as(me.subject)}>
        <span className="unseen">{text.session.as('')}</span>
        {me.subject}
      </span>
      <button type="button" className="plain" onClick={() => void logOut()} aria-disabled={busy} aria-label={text.session.logOut} title={text.session.logOut}
        data-testid="action-log-out">
        <Icon name="leave" />
      </button>
    </span>
  );
}
