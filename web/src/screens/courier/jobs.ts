import { Problem, get, linkFromEntrance, write } from '../../hal/client';
import { follow, linkOf, listed } from '../../hal/link';
import type { Collection, Delivery, OrderLike } from '../../hal/types';
import { mayHere } from '../../session/here';

/** A delivery to make, and what is in it once that is known. */
export interface Job {
  delivery: Delivery;
  line: OrderLike | undefined;
}

const mostShown = 50;
const known = new Map<number, OrderLike>();

/** "started" comes after the other words: those to be made are first, the oldest of them on top. */
export async function openDeliveries(signal?: AbortSignal): Promise<Delivery[]> {
  const url = new URL(listed(await linkFromEntrance('deliveries'), { page: 0, size: mostShown, sort: 'status,desc' }), document.baseURI);
  url.searchParams.append('sort', 'deliveryId,asc');
  const list: Collection<Delivery> = await get(url.pathname + url.search, signal);
  return (list._embedded['deliveries'] ?? []).filter(({ status }) => status === 'started');
}

async function lineOf(orderId: number, signal?: AbortSignal): Promise<OrderLike | undefined> {
  const found = known.get(orderId);
  if (found) return found;
  if (!mayHere('readLines')) return undefined;
  try {
    const link = await linkFromEntrance('mypages', 'search', 'findByOrderId');
    const line = await get<OrderLike>(follow(link, { orderId }), signal);
    if (line.menuNm) known.set(orderId, line);
    return line;
  } catch (error) {
    // Better a delivery without its words than none.
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

export async function openJobs(signal?: AbortSignal): Promise<Job[]> {
  const deliveries = await openDeliveries(signal);
  return Promise.all(deliveries.map(async (delivery) => ({ delivery, line: await lineOf(delivery.orderId, signal) })));
}

/** As it is now. */
export async function deliveryNow(delivery: Delivery): Promise<Delivery> {
  const self = linkOf(delivery, 'self');
  return self ? get<Delivery>(follow(self)) : delivery;
}

/** Takes it, where its links offer that. Refused with a Problem: another courier has it, or it is over. */
export async function takeDelivery(delivery: Delivery): Promise<void> {
  const claim = linkOf(await deliveryNow(delivery), 'claim');
  if (claim) await write(follow(claim), { method: 'POST' });
}
