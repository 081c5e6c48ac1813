/** An answer that has not come by then is no longer waited for. */
export const patienceMs = 10_000;

/**
 * Looks again and again, counted from the beginning of each look, and never twice at once: who answers slowly is asked
 * less often.
 */
export class Rounds {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beganAt = Date.now();
  private looking = false;
  private asked = false;
  private turn = 0;
  private stopped = false;

  /** `pauseMs` says how long to wait now; undefined: until somebody calls. */
  constructor(
    private readonly look: () => unknown,
    private readonly pauseMs: () => number | undefined,
  ) {}

  /** Looks at once, or as soon as the present look is over. */
  now(): void {
    this.asked = this.looking;
    if (!this.looking) void this.begin();
    else this.wait();
  }

  /** Looks when the pause is over, which may be another one than it was. */
  wait(): void {
    clearTimeout(this.timer);
    const pause = this.looking ? patienceMs : this.asked ? 0 : this.pauseMs();
    if (this.stopped || pause === undefined) return;
    const rest = this.beganAt + pause - Date.now();
    if (rest <= 0) void this.begin();
    else this.timer = setTimeout(() => void this.begin(), rest);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async begin(): Promise<void> {
    const turn = ++this.turn;
    this.beganAt = Date.now();
    this.looking = true;
    this.asked = false;
    this.wait();
    try {
      await this.look();
    } finally {
      if (turn === this.turn) {
        this.looking = false;
        this.wait();
      }
    }
  }
}
