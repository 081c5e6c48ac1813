import { Problem, get } from '../hal/client';
import { follow, linkOf } from '../hal/link';
import type { OrderEvent, OrderEvents, OrderLike } from '../hal/types';

/** What that order has gone through, as its line has heard it; nothing where the line does not tell. */
export async function eventsOf(line: OrderLike, signal?: AbortSignal): Promise<OrderEvent[]> {
  const link = linkOf(line, 'events');
  if (!link) return [];
  try {
    return (await get<OrderEvents>(follow(link), signal))._embedded.events;
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}
