import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Visitors } from './browser';
import { Server, binary, newFolder, plainEnvironment, startProgram } from './server';

export const password = 'correct horse battery';

// Argon2 at its least: these tests are about what happens, not how long it takes.
const cheap = ['--accounts.argon2-memory', '8MiB', '--accounts.argon2-passes', '1'];

const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });

/** A server that asks who one is: with an issuer of its own, accounts and TLS, all made for this run. */
export class ClosedServer extends Server {
  static async startClosed(...flags: string[]): Promise<ClosedServer> {
    const folder = newFolder();
    const [issuer, certificate, key] = ['issuer.pem', 'certificate.pem', 'key.pem'].map((name) => join(folder, name)) as [string, string, string];
    openssl('genpkey', '-algorithm', 'ed25519', '-out', issuer);
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-keyout', key, '-out', certificate);
    const own = ['--auth.issuer-key-file', issuer];
    const started = await startProgram(folder, ['--profile', 'standard', ...own, ...cheap, '--accounts.login-burst', '1000',
      '--tls.port', '0', '--tls.certificate-file', certificate, '--tls.key-file', key, ...flags], ['http', 'https']);
    const token = baedal('token', '--for', 'operator', '--as', 'operator', '--lasts', '3600', ...own).trim();
    return new ClosedServer(started, token);
  }

  /** `baedal accounts`, beside the server while it runs. */
  accounts(words: string[], secret = ''): string {
    return baedal('accounts', ...words, '--data', join(this.folder, 'data'), ...cheap, secret);
  }

  addAccount(name: string, roles: string): void {
    this.accounts(['add', name, '--as', roles], password);
  }

  /** Somebody with a browser of their own, at that page. */
  visit(visitors: Visitors, path: string, options: BrowserContextOptions = {}): Promise<Page> {
    return visitors.open(this.url + path, { ignoreHTTPSErrors: true, ...options });
  }
}

/** The program's commands; the last word is what it is told on its standard input, for `accounts` alone. */
function baedal(...words: string[]): string {
  const input = words[0] === 'accounts' ? `${words.pop()}\n` : '';
  return execFileSync(binary, words, { env: plainEnvironment(), input, encoding: 'utf8', stdio: 'pipe' });
}
