import { write } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import type { Menu } from '../../hal/types';

function selfOf(menu: Menu): string {
  const link = linkOf(menu, 'menu') ?? linkOf(menu, 'self');
  return link ? follow(link) : '';
}

/** Only as long as nobody else has changed it since it was shown. */
export function changeMenu(menu: Menu, changes: Partial<Pick<Menu, 'menuNm' | 'price' | 'soldOut'>>): Promise<Menu> {
  return write<Menu>(selfOf(menu), { method: 'PATCH', body: changes, version: menu.version });
}

export function removeMenu(menu: Menu): Promise<void> {
  return write(selfOf(menu), { method: 'DELETE', version: menu.version });
}
