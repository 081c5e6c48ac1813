import { useState } from 'react';
import { useText } from '../../text/language';
import { MenuManager } from './MenuManager';
import { NewOrders } from './NewOrders';
import { OrderBoard } from './OrderBoard';
import { useBoard } from './useBoard';

const sections = ['board', 'menus'] as const;

export function ShopScreen() {
  const text = useText();
  const [section, setSection] = useState<(typeof sections)[number]>('board');
  const board = useBoard();
  return (
    <section className="page broad" data-testid="screen-shop">
      <header className="page-head">
        <h1>{text.shop.title}</h1>
        <fieldset className="chips">
          <legend className="unseen">{text.shop.sections}</legend>
          {sections.map((name) => (
            <label key={name}>
              <input type="radio" name="section" checked={section === name} onChange={() => setSection(name)} data-testid={`section-${name}`} />
              <span>{text.shop[name]}</span>
            </label>
          ))}
        </fieldset>
      </header>
      <NewOrders orders={board.fresh} see={board.see} />
      {section === 'board' ? <OrderBoard board={board} /> : <MenuManager />}
    </section>
  );
}
