import { Problem } from '../../hal/client';

const unauthorized = 401;

/** A press on "Delivered": where to, and when. It keeps its key however often it is sent. */
export interface Pressed {
  href: string;
  orderId: number;
  deliveryId: number;
  key: string;
  pressedAt: string;
}

export type Fate = 'sent' | 'refused';

export interface Box {
  read(): Pressed[];
  write(pressed: Pressed[]): void;
}

const remembered = 'baedal.courier.pressed';

/** On this device, so that a reload without a network loses nothing. */
export const deviceBox: Box = {
  read() {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(remembered) ?? '[]');
      return Array.isArray(kept) ? (kept as Pressed[]) : [];
    } catch {
      return [];
    }
  },
  write(pressed) {
    localStorage.setItem(remembered, JSON.stringify(pressed));
  },
};

/** What waits to be sent. Each press is sent until an answer comes, and then never again. */
export class Queue {
  private sending = false;

  constructor(
    private readonly box: Box,
    private readonly send: (pressed: Pressed) => Promise<void>,
    private readonly told: (pressed: Pressed, fate: Fate, error?: unknown) => void,
  ) {}

  get waiting(): Pressed[] {
    return this.box.read();
  }

  add(pressed: Pressed): void {
    const waiting = this.box.read();
    if (waiting.some(({ deliveryId }) => deliveryId === pressed.deliveryId)) return;
    this.box.write([...waiting, pressed]);
  }

  /** Sends what waits, oldest first, up to the first that gets no answer. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let first = this.box.read()[0]; first; first = this.box.read()[0]) {
        if (!(await this.settle(first))) break;
      }
    } finally {
      this.sending = false;
    }
  }

  private async settle(pressed: Pressed): Promise<boolean> {
    try {
      await this.send(pressed);
    } catch (error) {
      // Who has to log in first does so in their own time.
      if (!(error instanceof Problem) || error.unanswered || error.overloaded || error.status === unauthorized) return false;
      this.drop(pressed);
      this.told(pressed, 'refused', error);
      return true;
    }
    this.drop(pressed);
    this.told(pressed, 'sent');
    return true;
  }

  private drop(pressed: Pressed): void {
    this.box.write(this.box.read().filter(({ key }) => key !== pressed.key));
  }
}
