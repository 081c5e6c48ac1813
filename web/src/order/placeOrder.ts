import { Problem, linkFromEntrance, newKey, write } from '../hal/client';
import { follow } from '../hal/link';
import type { OrderLike } from '../hal/types';

const remembered = 'baedal.unanswered';

/** The key of a try whose answer never came; the next try of the same order uses it again, also after a reload. */
function keyFor(wish: string): string {
  try {
    const kept = JSON.parse(sessionStorage.getItem(remembered) ?? '{}') as { wish?: string; key?: string };
    if (kept.wish === wish && kept.key) return kept.key;
  } catch {
    // What cannot be read is replaced.
  }
  const key = newKey();
  sessionStorage.setItem(remembered, JSON.stringify({ wish, key }));
  return key;
}

/** Places an order, once, however often it has to be sent. */
export async function placeOrder(menuId: number, qty: number): Promise<OrderLike> {
  const key = keyFor(`${menuId}×${qty}`);
  try {
    const order = await write<OrderLike>(follow(await linkFromEntrance('orders')), { method: 'POST', body: { menuId, qty }, key });
    sessionStorage.removeItem(remembered);
    return order;
  } catch (error) {
    if (!(error instanceof Problem && (error.unanswered || error.overloaded))) sessionStorage.removeItem(remembered);
    throw error;
  }
}
