import { useState } from 'react';
import type { Menu } from '../../hal/types';
import { Amount } from '../../parts/Amount';
import { Dish } from '../../parts/Dish';
import { useText } from '../../text/language';
import { MenuForm, type MenuWords } from './MenuForm';

interface Props {
  menu: Menu;
  change: (words: Partial<MenuWords & { soldOut: boolean }>) => Promise<boolean>;
  remove: () => Promise<boolean>;
}

/** One line of the shop's menu; sold out is one press from here, two from the board. */
export function MenuRow({ menu, change, remove }: Props) {
  const text = useText();
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  if (editing) {
    return (
      <li className="menu-row editing">
        <MenuForm menu={menu} save={change} leave={() => setEditing(false)} />
        {removing ? (
          <div className="ask" role="group" aria-label={text.shop.removeAsk(menu.menuNm)}>
            <strong>{text.shop.removeAsk(menu.menuNm)}</strong>
            <button type="button" className="button" onClick={() => setRemoving(false)}>
              {text.tracking.cancelNo}
            </button>
            <button type="button" className="button danger" onClick={() => void remove()} data-testid="action-remove-yes">
              {text.shop.remove}
            </button>
          </div>
        ) : (
          <button type="button" className="button quiet" onClick={() => setRemoving(true)} data-testid="action-remove">
            {text.shop.remove}
          </button>
        )}
      </li>
    );
  }
  return (
    <li className="menu-row" data-testid="menu-row" data-menu-id={menu.menuId} data-sold-out={menu.soldOut}>
      <Dish name={menu.menuNm} />
      <div className="words">
        <h3>{menu.menuNm}</h3>
        <Amount amount={menu.price} currency={menu.currency} none={text.menu.noPrice} />
      </div>
      <label className="switch">
        <input type="checkbox" role="switch" checked={!menu.soldOut} aria-label={`${menu.menuNm}: ${text.shop.available}`}
          onChange={() => void change({ soldOut: !menu.soldOut })} data-testid="action-sold-out" />
        <span aria-hidden="true">{menu.soldOut ? text.shop.soldOut : text.shop.available}</span>
      </label>
      <button type="button" className="button small" onClick={() => setEditing(true)} aria-label={text.shop.editOf(menu.menuNm)} data-testid="action-edit">
        {text.shop.edit}
      </button>
    </li>
  );
}
