import { useState } from 'react';
import { Problem, linkFromEntrance, newKey, write } from '../../hal/client';
import { follow } from '../../hal/link';
import type { Menu } from '../../hal/types';
import { useAnnounce } from '../../parts/Announcer';
import { Empty } from '../../parts/Empty';
import { Loading } from '../../parts/Loading';
import { ProblemNote } from '../../parts/ProblemNote';
import { useData } from '../../parts/useData';
import { useText } from '../../text/language';
import { allMenus } from '../menu/menus';
import { MenuForm, type MenuWords } from './MenuForm';
import { MenuRow } from './MenuRow';
import { changeMenu, removeMenu } from './changeMenu';

const changedElsewhere = 412;

export function MenuManager() {
  const text = useText();
  const announce = useAnnounce();
  const { data: menus, error, reload } = useData(allMenus);
  const [failed, setFailed] = useState<unknown>();

  const act = async (action: () => Promise<unknown>): Promise<boolean> => {
    setFailed(undefined);
    try {
      await action();
      return true;
    } catch (reason) {
      setFailed(reason);
      return false;
    } finally {
      reload();
    }
  };
  const add = (words: MenuWords) =>
    act(async () => {
      const menu = await write<Menu>(follow(await linkFromEntrance('menus')), { method: 'POST', body: words, key: newKey() });
      announce(text.shop.added(menu.menuNm));
    });

  return (
    <div className="menu-manager">
      <section className="panel" aria-labelledby="add-menu">
        <h2 id="add-menu">{text.shop.add}</h2>
        <MenuForm save={add} />
      </section>
      {error !== undefined && !menus && <ProblemNote error={error} retry={reload} />}
      {failed instanceof Problem && failed.status === changedElsewhere ? (
        <p className="note warn" role="alert">
          {text.shop.changedElsewhere}
        </p>
      ) : (
        failed !== undefined && <ProblemNote error={failed} dismiss={() => setFailed(undefined)} />
      )}
      {!menus && error === undefined && <Loading />}
      {menus?.length === 0 && <Empty title={text.shop.empty} hint={text.shop.emptyHint} />}
      <ul className="menu-rows">
        {menus?.map((menu) => (
          <MenuRow key={menu.menuId} menu={menu} change={(words) => act(() => changeMenu(menu, words))} remove={() => act(() => removeMenu(menu))} />
        ))}
      </ul>
    </div>
  );
}
