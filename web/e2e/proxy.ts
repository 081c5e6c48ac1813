import { createServer, request, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One stream that a browser has asked for, and what it has heard. */
export interface HeardStream {
  lastEventId: string | undefined;
  heard: string;
}

/**
 * Between browsers and the program, as a bad network is: it lets all through, until its streams are cut. Then those that
 * are open break off, and new ones find nobody, while everything else goes on.
 */
export class Proxy {
  /** What was asked for with an Idempotency-Key, each try of it. */
  readonly keyed: { method: string; key: string }[] = [];
  /** Streams in the order they were let through. */
  readonly streams: HeardStream[] = [];
  /** Streams that found nobody. */
  refused = 0;
  private streamsPass = true;
  private readonly open = new Set<ServerResponse>();

  private constructor(
    private readonly target: string,
    private readonly listener: HttpServer,
  ) {
    listener.on('request', (from: IncomingMessage, to: ServerResponse) => this.pass(from, to));
  }

  static async before(target: string): Promise<Proxy> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new Proxy(target, listener);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** How many streams broke off. */
  cutStreams(): number {
    this.streamsPass = false;
    const cut = this.open.size;
    for (const stream of this.open) stream.destroy();
    return cut;
  }

  letStreamsPass(): void {
    this.streamsPass = true;
  }

  stop(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }

  private pass(from: IncomingMessage, to: ServerResponse): void {
    const isStream = from.url?.endsWith('/stream') ?? false;
    if (isStream && !this.streamsPass) {
      ++this.refused;
      from.socket.destroy();
      return;
    }
    const { method = 'GET', headers } = from;
    const key = headers['idempotency-key'];
    if (typeof key === 'string') this.keyed.push({ method, key });
    const onward = request(this.target + from.url, { method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      if (isStream) this.listen(headers['last-event-id']?.toString(), answer, to);
      answer.pipe(to);
      answer.on('error', () => to.destroy());
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  }

  private listen(lastEventId: string | undefined, answer: IncomingMessage, to: ServerResponse): void {
    const stream: HeardStream = { lastEventId, heard: '' };
    this.streams.push(stream);
    this.open.add(to);
    to.on('close', () => this.open.delete(to));
    answer.setEncoding('utf8').on('data', (piece: string) => (stream.heard += piece));
  }
}
