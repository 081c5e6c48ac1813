import { useSyncExternalStore } from 'react';
import { session } from './here';
import { may, type Doing } from './roles';
import type { SessionState } from './session';

export function useSession(): SessionState {
  return useSyncExternalStore(session.watch, session.now);
}

/** Whether the visitor may; false until that is known. */
export function useMay(): (doing: Doing) => boolean {
  const { me, known } = useSession();
  return (doing) => known && may(me, doing);
}
