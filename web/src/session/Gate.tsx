import type { ReactNode } from 'react';
import { PageLink } from '../app/router';
import { Empty } from '../parts/Empty';
import { Loading } from '../parts/Loading';
import { useText } from '../text/language';
import { LoginPage } from './LoginScreen';
import { homeOf, may, type Doing } from './roles';
import { useSession } from './useSession';

/** Shows a page to those it is for; asks strangers to log in, and tells others that it is not theirs. */
export function Gate({ doing, children }: { doing: Doing; children: ReactNode }) {
  const text = useText();
  const { me, known } = useSession();
  if (!known) return <Loading />;
  if (may(me, doing)) return children;
  if (me?.subject == null) return <LoginPage />;
  return (
    <section className="page" data-testid="screen-not-yours">
      <Empty title={text.session.notYours} hint={text.session.notYoursHint(me.subject)}>
        <PageLink to={homeOf(me)} className="button main">
          {text.session.toYours}
        </PageLink>
      </Empty>
    </section>
  );
}
