/** Rings when something new waits to be seen, and again and again until nothing does. */
export class Ringer {
  private waiting = new Set<number>();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly ring: () => void,
    private readonly everyMs: number,
  ) {}

  /** All that nobody has seen, as of now. */
  unseen(ids: readonly number[]): void {
    const isNew = ids.some((id) => !this.waiting.has(id));
    this.waiting = new Set(ids);
    if (ids.length === 0) this.stop();
    if (!isNew) return;
    this.stop();
    this.ring();
    this.timer = setInterval(this.ring, this.everyMs);
  }

  /** Silence, until something new comes. */
  stop(): void {
    clearInterval(this.timer);
  }
}
