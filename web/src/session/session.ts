import { Problem, type Doorkeeper, type Refused } from '../hal/client';
import type { Me } from './roles';

/** What the session asks the server. */
export interface SessionApi {
  me(): Promise<Me>;
  login(name: string, password: string): Promise<void>;
  /** Refused where the login is over. */
  refresh(): Promise<void>;
  logout(): Promise<void>;
}

/** On this device, for all windows: whose login goes on. Empty: it is over; null: they have logged out, or never in. */
export interface Hint {
  read(): string | null;
  write(subject: string | null): void;
}

/** Runs one after the other in all windows of this browser: a refresh token is good for one use. */
export type Alone = (work: () => Promise<Me | undefined>) => Promise<Me | undefined>;

export interface SessionState {
  /** Undefined: not told yet, or the server could not be reached. */
  me: Me | undefined;
  /** Whether the first look is over. */
  known: boolean;
  /** The visitor is being asked to log in. */
  asking: boolean;
  /** Their login is over; what they were doing is still on the page. */
  expired: boolean;
  /** Another number: another person, of whom nothing may be left on the page. */
  epoch: number;
}

const unauthorized = 401;
const forbidden = 403;
/** What a refresh is told that another one was sooner than: its cookies are on their way to this browser. */
const raced = 'refresh-raced';
const soonerTries = 5;
const soonerWaitMs = 100;

/** Who uses these pages. Requests that are refused for want of a login wait here for one. */
export class Session implements Doorkeeper {
  private state: SessionState = { me: undefined, known: false, asking: false, expired: false, epoch: 0 };
  private readonly watchers = new Set<() => void>();
  private renewing: Promise<Me | undefined> | undefined;
  private answer: Promise<boolean> | undefined;
  private settle: ((again: boolean) => void) | undefined;
  /** They were asked and would not: only what they press themselves asks again. */
  private declined = false;

  constructor(
    private readonly api: SessionApi,
    private readonly hint: Hint,
    private readonly alone: Alone,
    private readonly pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  ) {}

  readonly now = (): SessionState => this.state;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** The first look; again when the server could not be reached, or another window has logged in or out. */
  async start(): Promise<void> {
    try {
      let me = await this.api.me();
      if (me.login && me.subject === null && this.hint.read()) me = (await this.renewed()) ?? me;
      const same = this.take(me);
      if (me.subject !== null) this.finish(same);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.set({ known: true });
    }
  }

  headers(method: string): Record<string, string> {
    const token = this.state.me?.csrfToken;
    return token && method !== 'GET' && method !== 'HEAD' ? { 'X-CSRF-Token': token } : {};
  }

  async recover(problem: Problem, { pressed, tries }: Refused): Promise<boolean> {
    if (!this.state.me) await this.start();
    if (!this.state.me?.login) return false;
    if (problem.status === forbidden && problem.code === 'csrf' && tries === 0) return this.take(await this.api.me());
    if (problem.status !== unauthorized || tries > 1) return false;
    if (tries === 0 && this.hint.read()) {
      const me = await this.renewed();
      if (me) return this.take(me);
    }
    return this.declined && !pressed ? false : this.ask();
  }

  /** Refused with a Problem: wrong, too often, or not to be reached. */
  async logIn(name: string, password: string): Promise<void> {
    await this.api.login(name, password);
    const me = await this.api.me();
    if (me.subject === null) throw new Problem(0, 'no-cookie', 'The browser did not keep the login.');
    this.finish(this.take(me));
  }

  async logOut(): Promise<void> {
    await this.api.logout();
    this.hint.write(null);
    this.take(await this.api.me());
  }

  /** Asks for a login; whether they have, and are who they were. */
  ask(): Promise<boolean> {
    this.answer ??= new Promise((resolve) => {
      this.settle = resolve;
      this.set({ asking: true, expired: this.state.me?.subject != null });
    });
    return this.answer;
  }

  dismiss(): void {
    this.declined = true;
    this.set({ asking: false });
    this.finish(false);
  }

  private finish(again: boolean): void {
    this.settle?.(again);
    this.settle = this.answer = undefined;
  }

  private renewed(): Promise<Me | undefined> {
    this.renewing ??= this.alone(() => this.renew()).finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Undefined: the login is over. */
  private async renew(): Promise<Me | undefined> {
    for (let tries = 0; ; ++tries) {
      // Another window may have been sooner.
      const now = await this.api.me();
      if (now.subject !== null) return now;
      try {
        await this.api.refresh();
      } catch (error) {
        if (!(error instanceof Problem) || error.unanswered || error.overloaded) throw error;
        if (error.code === raced && tries < soonerTries) {
          await this.pause(soonerWaitMs << tries);
          continue;
        }
        this.hint.write('');
        return undefined;
      }
      const me = await this.api.me();
      return me.subject === null ? undefined : me;
    }
  }

  /** Whether they are who they were, or nobody was there before. */
  private take(me: Me): boolean {
    const before = this.state.me?.subject ?? null;
    const other = before !== null && before !== me.subject;
    if (me.login && me.subject !== null) this.hint.write(me.subject);
    this.declined = false;
    this.set({ me, known: true, asking: false, expired: false, epoch: this.state.epoch + (other ? 1 : 0) });
    return !other;
  }

  private set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.watchers) watcher();
  }
}
