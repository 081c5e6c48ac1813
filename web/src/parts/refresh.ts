const looks = new Set<() => void>();

/** `look` is called whenever somebody asks for what is shown to be looked at again; the answer ends that. */
export function onRefresh(look: () => void): () => void {
  looks.add(look);
  return () => void looks.delete(look);
}

/** Has everything that is shown looked at again, now. */
export function refreshNow(): void {
  for (const look of looks) look();
}
