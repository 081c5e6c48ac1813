import { useState } from 'react';
import { expand } from '../../hal/link';
import type { Link } from '../../hal/types';
import { useText } from '../../text/language';

/** The names a URI template asks for. */
export function namesIn(template: string): string[] {
  return [...template.matchAll(/\{[?&]?([\w,]+)\}/g)].flatMap(([, names]) => (names ?? '').split(','));
}

export function LinkRow({ relation, link, go }: { relation: string; link: Link; go: (href: string) => void }) {
  const text = useText();
  const [values, setValues] = useState<Record<string, string>>({});
  const names = link.templated ? namesIn(link.href) : [];
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const href = link.templated ? expand(link.href, filled) : link.href;
  return (
    <li>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go(href);
        }}
      >
        <button type="submit" className="link-button" data-testid="explorer-link" data-relation={relation}>
          <strong>{relation}</strong> <span>{href}</span>
        </button>
        {names.map((name) => (
          <input key={name} aria-label={text.explorer.fill(name)} placeholder={name} value={values[name] ?? ''}
            onChange={(event) => setValues({ ...values, [name]: event.target.value })} />
        ))}
      </form>
    </li>
  );
}
