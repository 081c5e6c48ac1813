import { useMemo, useState } from 'react';
import { PageLink } from '../../app/router';
import type { Menu } from '../../hal/types';
import { Empty } from '../../parts/Empty';
import { Icon } from '../../parts/Icon';
import { Placeholders } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { useData, useEvery } from '../../parts/useData';
import { useMay } from '../../session/useSession';
import { useLanguage } from '../../text/language';
import { MenuCard } from './MenuCard';
import { PlacedNote } from './PlacedNote';
import { allMenus } from './menus';
import { usePlacing } from './usePlacing';

const lookAgainMs = 15_000;

/** Whether a name has those words in it, in any letter case and with or without blanks. */
export function matches(menu: Menu, words: string): boolean {
  const plain = (text: string) => text.toLocaleLowerCase().replace(/\s/g, '');
  return plain(menu.menuNm).includes(plain(words));
}

export function MenuScreen() {
  const { text } = useLanguage();
  const { data: menus, error, reload } = useData(allMenus);
  const mayDo = useMay();
  const [words, setWords] = useState('');
  const placing = usePlacing();
  useEvery(lookAgainMs, reload);
  const shown = useMemo(() => menus?.filter((menu) => matches(menu, words)), [menus, words]);
  const none = menus?.length === 0;
  return (
    <section className="page" data-testid="screen-menu">
      <header className="page-head">
        <div>
          <h1>{text.menu.title}</h1>
          <p className="lead">{text.menu.lead}</p>
        </div>
        {menus && menus.length > 5 && (
          <label className="search">
            <Icon name="search" />
            <span className="unseen">{text.menu.search}</span>
            <input type="search" value={words} placeholder={text.menu.search} onChange={(event) => setWords(event.target.value)} />
          </label>
        )}
      </header>
      {placing.placed && <PlacedNote key={placing.placed.orderId} order={placing.placed} close={placing.close} />}
      {error !== undefined && !menus && <ProblemNote error={error} retry={reload} />}
      {none && (
        <Empty title={text.menu.empty} hint={text.menu.emptyHint}>
          {mayDo('keepShop') && (
            <PageLink to="/shop" className="button main">
              {text.menu.emptyAction}
            </PageLink>
          )}
        </Empty>
      )}
      {!none && shown?.length === 0 && (
        <Empty title={text.menu.nothing(words)}>
          <button type="button" className="button" onClick={() => setWords('')}>
            {text.menu.showAll}
          </button>
        </Empty>
      )}
      <ul className="menu-cards">
        {shown?.map((menu) => (
          <MenuCard key={menu.menuId} menu={menu} placing={placing} />
        ))}
      </ul>
      {!menus && error === undefined && (
        <div className="menu-cards">
          <Placeholders count={6} className="menu-card" />
        </div>
      )}
    </section>
  );
}
