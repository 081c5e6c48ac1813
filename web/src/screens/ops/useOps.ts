import { useCallback, useEffect, useRef, useState } from 'react';
import { useLiveState } from '../../app/live';
import { write } from '../../hal/client';
import { follow, linkOf } from '../../hal/link';
import { useEvery } from '../../parts/useData';
import { lookAt, membersNow, type Instance, type Member } from './fleet';
import { inOrder } from './merge';

export interface Ops {
  instances: Instance[];
  error: unknown;
  retry: (instance: Instance, service: string) => void;
}

const lookAgainMs = 2000;

/** What is known of each stays until it has answered again, or has not. */
function taken(before: readonly Instance[], members: readonly Member[]): Instance[] {
  return inOrder(members.map((member) => ({ states: [], ...before.find(({ instance }) => instance === member.instance), ...member })));
}

function heard(all: readonly Instance[], look: Omit<Instance, 'before'>): Instance[] {
  return all.map((earlier) => (earlier.instance === look.instance ? { ...look, ...(earlier.now ? { before: earlier.now } : {}) } : earlier));
}

/** What every process of the system says of itself, every two seconds. None is waited for but by itself. */
export function useOps(): Ops {
  const [instances, setInstances] = useState<Instance[]>([]);
  const [error, setError] = useState<unknown>();
  const { show } = useLiveState();
  const asking = useRef(new Set<string>());
  const lookAtOne = useCallback(async (member: Member) => {
    if (asking.current.has(member.instance)) return;
    asking.current.add(member.instance);
    try {
      const look = await lookAt(member);
      setInstances((all) => heard(all, look));
    } catch (reason) {
      setError(reason);
    } finally {
      asking.current.delete(member.instance);
    }
  }, []);
  const look = useCallback(async () => {
    try {
      const members = await membersNow();
      setInstances((before) => taken(before, members));
      setError(undefined);
      show('polling');
      members.forEach((member) => void lookAtOne(member));
    } catch (reason) {
      setError(reason);
      show('off');
    }
  }, [show, lookAtOne]);
  useEffect(() => {
    void look();
    return () => show(undefined);
  }, [look, show]);
  useEvery(lookAgainMs, look);
  const retry = useCallback(
    (instance: Instance, service: string) => {
      const link = linkOf(instance, 'retry');
      if (link) write(follow(link, { service }), { method: 'POST' }).then(look, setError);
    },
    [look],
  );
  return { instances, error, retry };
}
