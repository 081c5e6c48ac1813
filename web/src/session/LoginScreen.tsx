import { useEffect } from 'react';
import { usePlace } from '../app/router';
import { Empty } from '../parts/Empty';
import { Loading } from '../parts/Loading';
import { useText } from '../text/language';
import { LoginForm } from './LoginForm';
import { homeOf } from './roles';
import { useSession } from './useSession';

/** Where people log in who came for a page that is not everybody's. */
export function LoginPage() {
  const text = useText();
  const { me } = useSession();
  if (me && !me.login) {
    return (
      <section className="page narrow" data-testid="screen-login">
        <Empty title={text.session.tokensOnly} hint={text.session.tokensOnlyHint} />
      </section>
    );
  }
  return (
    <section className="page narrow" data-testid="screen-login">
      <header className="page-head">
        <div>
          <h1>{text.session.title}</h1>
          <p className="lead">{text.session.lead}</p>
        </div>
      </header>
      <LoginForm />
    </section>
  );
}

/** At an address of its own: who has logged in goes where they begin. */
export function LoginScreen() {
  const { me, known } = useSession();
  const { go } = usePlace();
  const inside = known && (me === undefined || me.open || me.subject !== null);
  useEffect(() => {
    if (inside) go(homeOf(me));
  }, [inside, me, go]);
  return known && !inside ? <LoginPage /> : <Loading />;
}
