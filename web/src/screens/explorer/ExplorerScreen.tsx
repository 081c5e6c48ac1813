import { useCallback, useState, type FormEvent } from 'react';
import { get } from '../../hal/client';
import { expand } from '../../hal/link';
import type { Link, Resource } from '../../hal/types';
import { Icon } from '../../parts/Icon';
import { Loading } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { useData } from '../../parts/useData';
import { useText } from '../../text/language';
import { LinkRow } from './LinkRow';

/** All links of an answer, also those of what is embedded in it, by relation. */
export function linksIn(resource: Resource): [string, Link][] {
  const found: [string, Link][] = [];
  for (const [relation, link] of Object.entries(resource._links ?? {})) {
    for (const one of Array.isArray(link) ? link : [link]) found.push([relation, one]);
  }
  const embedded = (resource as { _embedded?: Record<string, Resource[]> })._embedded ?? {};
  for (const [collection, items] of Object.entries(embedded)) {
    items.forEach((item, index) => {
      const self = item._links?.['self'];
      if (self && !Array.isArray(self)) found.push([`${collection}[${index}]`, self]);
    });
  }
  return found;
}

/** The API as a visitor with a browser finds it: one answer at a time, and the links out of it. */
export function ExplorerScreen() {
  const text = useText();
  const [trail, setTrail] = useState<string[]>(['/']);
  const [typed, setTyped] = useState('/');
  const url = trail[trail.length - 1] ?? '/';
  const load = useCallback((signal: AbortSignal) => get<Resource>(url, signal), [url]);
  const { data, error } = useData(load);
  const go = (href: string) => {
    const target = new URL(href, document.baseURI);
    const next = target.pathname + target.search;
    setTyped(next);
    setTrail((before) => [...before, next]);
  };
  const back = () => {
    setTrail((before) => before.slice(0, -1));
    setTyped(trail[trail.length - 2] ?? '/');
  };
  return (
    <section className="page broad" data-testid="screen-explorer">
      <header className="page-head">
        <div>
          <h1>{text.explorer.title}</h1>
          <p className="lead">{text.explorer.lead}</p>
        </div>
      </header>
      <form
        className="address"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          go(expand(typed));
        }}
      >
        <button type="button" className="button" onClick={back} disabled={trail.length < 2} aria-label={text.explorer.back}>
          <Icon name="back" />
        </button>
        <span className="method">GET</span>
        <label className="unseen" htmlFor="explorer-address">
          {text.explorer.address}
        </label>
        <input id="explorer-address" value={typed} onChange={(event) => setTyped(event.target.value)} spellCheck={false} />
        <button type="submit" className="button main">
          {text.explorer.go}
        </button>
      </form>
      {error !== undefined && <ProblemNote error={error} />}
      {!data && error === undefined && <Loading />}
      {data && error === undefined && (
        <div className="explorer">
          <section aria-label={text.explorer.links}>
            <h2>{text.explorer.links}</h2>
            <ul className="links">
              {linksIn(data).map(([relation, link], index) => (
                <LinkRow key={`${url}${relation}${index}`} relation={relation} link={link} go={go} />
              ))}
            </ul>
          </section>
          <section aria-label={text.explorer.answer}>
            <h2>{text.explorer.answer}</h2>
            <pre tabIndex={0} data-testid="answer">{JSON.stringify(data, null, 2)}</pre>
          </section>
        </div>
      )}
    </section>
  );
}
