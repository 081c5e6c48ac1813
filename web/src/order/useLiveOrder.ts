import { useEffect, useRef, useState } from 'react';
import { useLiveState } from '../app/live';
import { Problem, get, getIfChanged, linkFromEntrance } from '../hal/client';
import { follow, linkOf } from '../hal/link';
import type { OrderLike } from '../hal/types';
import { onRefresh } from '../parts/refresh';
import { mayHere } from '../session/here';
import { Follower, type Source, type Stream } from './follower';

const missing = 404;

/** Where the line of an order is. Who may not read lines reads the order itself, whose address its page has. */
async function lineUrl(order: number): Promise<string> {
  if (!mayHere('readLines')) return location.pathname;
  return follow(await linkFromEntrance('mypages', 'search', 'findByOrderId'), { orderId: order });
}

function sourceOf(order: number): Source {
  return {
    async load(version) {
      try {
        const url = await lineUrl(order);
        return version === undefined ? await get<OrderLike>(url) : await getIfChanged<OrderLike>(url, version);
      } catch (error) {
        // The page learns of an order a moment after the order itself.
        if (error instanceof Problem && error.status === missing) return undefined;
        throw error;
      }
    },
    open(line) {
      const link = linkOf(line, 'stream');
      return link && (new EventSource(follow(link)) as Stream);
    },
  };
}

export interface LiveOrder {
  line: OrderLike | undefined;
  error: unknown;
  /** Asks now. */
  refresh: () => void;
}

/** The line of that order, kept up to date; how is shown at the top of the page. */
export function useLiveOrder(order: number): LiveOrder {
  const [line, setLine] = useState<OrderLike>();
  const [error, setError] = useState<unknown>();
  const { show } = useLiveState();
  const follower = useRef<Follower>(undefined);
  useEffect(() => {
    const following = new Follower(sourceOf(order), {
      line: (news) => {
        setLine(news);
        setError(undefined);
      },
      live: (live) => {
        show(live);
        if (live !== 'off') setError(undefined);
      },
      error: setError,
    });
    follower.current = following;
    following.start();
    const wake = () => document.visibilityState === 'visible' && void following.ask();
    document.addEventListener('visibilitychange', wake);
    addEventListener('online', wake);
    const forget = onRefresh(wake);
    return () => {
      forget();
      document.removeEventListener('visibilitychange', wake);
      removeEventListener('online', wake);
      following.stop();
      show(undefined);
    };
  }, [order, show]);
  return { line, error, refresh: () => void follower.current?.ask() };
}
