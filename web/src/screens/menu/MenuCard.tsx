import { useState } from 'react';
import type { Menu } from '../../hal/types';
import { Amount } from '../../parts/Amount';
import { Dish, tintOf } from '../../parts/Dish';
import { ProblemNote } from '../../parts/ProblemNote';
import { Quantity } from '../../parts/Quantity';
import { mayTry } from '../../session/roles';
import { useSession } from '../../session/useSession';
import { useText } from '../../text/language';
import type { Placing } from './usePlacing';

export function MenuCard({ menu, placing }: { menu: Menu; placing: Placing }) {
  const text = useText();
  const { me } = useSession();
  const [quantity, setQuantity] = useState(1);
  const busy = placing.busy === menu.menuId;
  const failed = placing.failed?.menuId === menu.menuId ? placing.failed.error : undefined;
  return (
    <li className="menu-card" data-testid="menu-card" data-menu-id={menu.menuId} data-sold-out={menu.soldOut}>
      <div className="picture" data-tint={tintOf(menu.menuNm)}>
        <Dish name={menu.menuNm} />
        {menu.soldOut && <span className="badge">{text.menu.soldOut}</span>}
      </div>
      <div className="words">
        <h2>{menu.menuNm}</h2>
        <Amount amount={menu.price} currency={menu.currency} none={text.menu.noPrice} />
      </div>
      {menu.soldOut ? (
        <p className="hint">{text.menu.soldOutHint}</p>
      ) : !mayTry(me, 'order') ? null : (
        <form
          className="order-row"
          onSubmit={(event) => {
            event.preventDefault();
            placing.place(menu.menuId, quantity);
          }}
        >
          <Quantity value={quantity} change={setQuantity} label={text.menu.quantity(menu.menuNm)} />
          <button type="submit" className="button main" aria-disabled={busy} data-testid="action-order">
            {busy ? text.menu.ordering : text.menu.order}
            <span className="unseen"> {menu.menuNm}</span>
            {!busy && menu.price !== null && quantity > 1 && <Amount amount={menu.price * quantity} currency={menu.currency} />}
          </button>
        </form>
      )}
      {failed !== undefined && (
        <ProblemNote error={failed} title={text.menu.failed} retry={() => placing.place(menu.menuId, quantity)} />
      )}
    </li>
  );
}
