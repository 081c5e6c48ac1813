import { Problem, get, getIfChanged, linkFromEntrance } from '../hal/client';
import { follow, linkOf, listed } from '../hal/link';
import type { Collection, OrderLike } from '../hal/types';
import { mayHere } from '../session/here';
import type { BookSource } from './orderBook';

const missing = 404;

/** The lines of the view where they may be read, else the orders themselves, which tell the same of each. */
export const bookSource: BookSource = {
  async page(number, size) {
    const collection = mayHere('readLines') ? 'mypages' : 'orders';
    const url = listed(await linkFromEntrance(collection), { page: number, size, sort: 'createdAt,desc' });
    const list: Collection<OrderLike> = await get(url);
    return { lines: list._embedded[collection] ?? [], more: linkOf(list, 'next') !== undefined };
  },
  async ifChanged(line) {
    const self = linkOf(line, 'self');
    if (!self) return undefined;
    try {
      return await getIfChanged<OrderLike>(follow(self), line.version);
    } catch (error) {
      if (error instanceof Problem && error.status === missing) return null;
      throw error;
    }
  },
};
