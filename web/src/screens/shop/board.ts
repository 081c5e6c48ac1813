import type { OrderLike } from '../../hal/types';
import { stageOf, type Stage } from '../../order/steps';

export const stages: Stage[] = ['waiting', 'paid', 'onTheWay', 'delivered', 'cancelled'];

export type Board = Record<Stage, OrderLike[]>;

/** Where two changed in the same moment, or nobody knows when, the later order comes first. */
const lastChangedFirst = (a: OrderLike, b: OrderLike) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt) || b.orderId - a.orderId;

/** Those to be done oldest first, those that ended last first. */
export function boardOf(lines: readonly OrderLike[]): Board {
  const board: Board = { waiting: [], paid: [], onTheWay: [], delivered: [], cancelled: [] };
  for (const line of [...lines].sort((a, b) => b.orderId - a.orderId)) board[stageOf(line)].push(line);
  for (const stage of ['waiting', 'paid', 'onTheWay'] as const) board[stage].reverse();
  for (const stage of ['delivered', 'cancelled'] as const) board[stage].sort(lastChangedFirst);
  return board;
}
