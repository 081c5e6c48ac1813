import { useState, type ReactNode } from 'react';
import { useText } from '../text/language';

interface Props<Item> {
  items: readonly Item[];
  /** How many at first, and how many more at each press. */
  step: number;
  className?: string;
  children: (item: Item) => ReactNode;
}

/** A list that may be long: its first items, and a button for more of them. */
export function FirstOf<Item>({ items, step, className, children }: Props<Item>) {
  const text = useText();
  const [most, setMost] = useState(step);
  return (
    <>
      <ul className={className}>{items.slice(0, most).map(children)}</ul>
      {items.length > most && (
        <button type="button" className="button wide" onClick={() => setMost(most + step)} data-testid="action-more-here">
          {text.more}
        </button>
      )}
    </>
  );
}
