import { get, linkFromEntrance } from '../../hal/client';
import { listed } from '../../hal/link';
import type { Collection, OrderLike } from '../../hal/types';
import { stageOf, type Stage } from '../../order/steps';
import { mayHere } from '../../session/here';

export const stages: Stage[] = ['waiting', 'paid', 'onTheWay', 'delivered', 'cancelled'];
export const boardSize = 100;

export type Board = Record<Stage, OrderLike[]>;

export async function latestOrders(signal?: AbortSignal): Promise<OrderLike[]> {
  // The view where it may be read, else the orders themselves, which tell the same of each.
  const collection = mayHere('readLines') ? 'mypages' : 'orders';
  const url = listed(await linkFromEntrance(collection), { page: 0, size: boardSize, sort: 'createdAt,desc' });
  const list: Collection<OrderLike> = await get(url, signal);
  return list._embedded[collection] ?? [];
}

/** Those to be done oldest first, those that are over newest first. */
export function boardOf(lines: readonly OrderLike[]): Board {
  const board: Board = { waiting: [], paid: [], onTheWay: [], delivered: [], cancelled: [] };
  for (const line of [...lines].sort((a, b) => b.orderId - a.orderId)) board[stageOf(line)].push(line);
  for (const stage of ['waiting', 'paid', 'onTheWay'] as const) board[stage].reverse();
  return board;
}

/** Orders that came after the newest one that was seen. */
export function unseen(lines: readonly OrderLike[], seenUpTo: number | undefined): OrderLike[] {
  return seenUpTo === undefined ? [] : lines.filter(({ orderId }) => orderId > seenUpTo);
}
