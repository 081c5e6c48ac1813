import type { Live } from '../app/live';
import type { OrderLike } from '../hal/types';
import { isOver } from './steps';

/** A stream of server-sent events, as EventSource is. */
export interface Stream {
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  /** 2: it will not connect again by itself. */
  readonly readyState: number;
  close(): void;
}

export interface Source {
  /** The line if it is not of that version; undefined while it is, or while there is none yet. */
  load: (version: number | undefined) => Promise<OrderLike | undefined>;
  /** Opens the stream that the line links to; undefined where the server has none. */
  open: (line: OrderLike) => Stream | undefined;
}

export interface Watcher {
  line: (line: OrderLike) => void;
  live: (live: Live) => void;
  error: (error: unknown) => void;
}

const closed = 2;
export const pollMs = 1000;
/** Of an order that has ended, nothing but the stream is asked for. */
export const endedPollMs = 5000;
export const reopenMs = 10_000;

/**
 * Follows one order: told by the stream where there is one, by asking every second while there is none or it is
 * broken. Versions only grow, so that what comes late or twice changes nothing.
 */
export class Follower {
  private latest: OrderLike | undefined;
  private stream: Stream | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reopenAt = 0;
  private stopped = false;
  private askedAt = 0;

  constructor(
    private readonly source: Source,
    private readonly watcher: Watcher,
  ) {}

  start(): void {
    void this.ask();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.closeStream();
  }

  /** Asks now, whatever the stream does: after an action of one's own, or when the page is seen again. */
  async ask(): Promise<void> {
    clearTimeout(this.timer);
    this.askedAt = Date.now();
    try {
      const line = await this.source.load(this.latest?.version);
      if (this.stopped) return;
      if (line) this.take(line);
      if (!this.stream) this.watcher.live('polling');
      // Also for an order that has not changed since: its next change is to be heard of at once.
      if (this.latest && !this.stream && Date.now() >= this.reopenAt) this.openStream(this.latest);
    } catch (error) {
      if (this.stopped) return;
      this.watcher.error(error);
      if (!this.stream) this.watcher.live('off');
    }
    this.askLater();
  }

  private take(line: OrderLike): void {
    if (this.latest && line.version <= this.latest.version) return;
    this.latest = line;
    this.watcher.line(line);
  }

  private askLater(): void {
    clearTimeout(this.timer);
    if (this.stopped || this.streaming) return;
    const pause = this.latest && isOver(this.latest) ? endedPollMs : pollMs;
    // A second is one from question to question, not from an answer to the next question.
    this.timer = setTimeout(() => void this.ask(), Math.max(0, this.askedAt + pause - Date.now()));
  }

  private streaming = false;

  private openStream(line: OrderLike): void {
    this.reopenAt = Date.now() + reopenMs;
    const stream = this.source.open(line);
    if (!stream) return;
    this.stream = stream;
    stream.onopen = () => {
      this.streaming = true;
      clearTimeout(this.timer);
      this.watcher.live('on');
    };
    stream.onmessage = (event) => this.take(JSON.parse(event.data) as OrderLike);
    stream.onerror = () => {
      this.streaming = false;
      this.watcher.live('polling');
      if (stream.readyState === closed) this.closeStream();
      this.askLater();
    };
  }

  private closeStream(): void {
    this.stream?.close();
    this.stream = undefined;
    this.streaming = false;
  }
}
