import { get, linkFromEntrance } from '../../hal/client';
import { follow, linkOf, listed } from '../../hal/link';
import type { Collection, Menu } from '../../hal/types';

const pageSize = 100;
/** A menu longer than this is not read through to its end. */
const pagesMax = 10;

/** The whole menu, in the order it was made. */
export async function allMenus(signal?: AbortSignal): Promise<Menu[]> {
  const menus: Menu[] = [];
  let url: string | undefined = listed(await linkFromEntrance('menus'), { size: pageSize, sort: 'menuId,asc' });
  for (let page = 0; url && page < pagesMax; ++page) {
    const part: Collection<Menu> = await get(url, signal);
    menus.push(...(part._embedded['menus'] ?? []));
    const next = linkOf(part, 'next');
    url = next && follow(next);
  }
  return menus;
}
