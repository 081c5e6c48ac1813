import { useState } from 'react';
import { PageLink } from '../../app/router';
import { isActive } from '../../order/steps';
import { Empty } from '../../parts/Empty';
import { FirstOf } from '../../parts/FirstOf';
import { Placeholders } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { useText } from '../../text/language';
import { PlacedNote } from '../menu/PlacedNote';
import { usePlacing } from '../menu/usePlacing';
import { OrderCard } from './OrderCard';
import { filters, type Filter } from './history';
import { useHistory } from './useHistory';

const firstActive = 50;

export function MeScreen() {
  const text = useText();
  const [filter, setFilter] = useState<Filter>('all');
  const { lines, error, more, reload } = useHistory(filter);
  const placing = usePlacing();
  const active = lines?.filter(isActive) ?? [];
  const past = lines?.filter((line) => !isActive(line)) ?? [];
  return (
    <section className="page" data-testid="screen-me">
      <header className="page-head">
        <h1>{text.me.title}</h1>
        <fieldset className="chips">
          <legend className="unseen">{text.me.filter}</legend>
          {filters.map((name) => (
            <label key={name}>
              <input type="radio" name="filter" checked={filter === name} onChange={() => setFilter(name)} data-testid={`filter-${name}`} />
              <span>{text.me[name]}</span>
            </label>
          ))}
        </fieldset>
      </header>
      {placing.placed && <PlacedNote key={placing.placed.orderId} order={placing.placed} close={placing.close} />}
      {placing.failed && <ProblemNote error={placing.failed.error} title={text.menu.failed} />}
      {error !== undefined && <ProblemNote error={error} retry={reload} />}
      {active.length > 0 && (
        <>
          <h2 className="part">{text.me.active}</h2>
          <FirstOf items={active} step={firstActive} className="order-cards active">
            {(line) => <OrderCard key={line.orderId} line={line} placing={placing} />}
          </FirstOf>
        </>
      )}
      {past.length > 0 && (
        <>
          <h2 className="part">{text.me.past}</h2>
          <ul className="order-cards">
            {past.map((line) => (
              <OrderCard key={line.orderId} line={line} placing={placing} />
            ))}
          </ul>
        </>
      )}
      {!lines && error === undefined && (
        <div className="order-cards">
          <Placeholders count={4} className="order-card" />
        </div>
      )}
      {lines?.length === 0 &&
        (filter === 'all' ? (
          <Empty title={text.me.empty} hint={text.me.emptyHint}>
            <PageLink to="/" className="button main">
              {text.error.home}
            </PageLink>
          </Empty>
        ) : (
          <Empty title={text.me.emptyFilter} />
        ))}
      {more && (
        <button type="button" className="button wide" onClick={more} data-testid="action-more">
          {text.more}
        </button>
      )}
    </section>
  );
}
