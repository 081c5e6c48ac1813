import { PageLink } from '../app/router';
import { useText } from '../text/language';
import { Empty } from './Empty';

export function NotFound() {
  const text = useText();
  return (
    <section className="page" data-testid="screen-not-found">
      <Empty title={text.error.notFound} hint={text.error.notFoundHint}>
        <PageLink to="/" className="button main">
          {text.error.home}
        </PageLink>
      </Empty>
    </section>
  );
}
