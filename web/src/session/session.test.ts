import { expect, test, vi } from 'vitest';
import { Problem } from '../hal/client';
import type { Me } from './roles';
import { Session, type Alone, type Hint } from './session';

const nobody: Me = { subject: null, roles: [], open: false, login: true };
const person = (subject: string): Me => ({ ...nobody, subject, roles: ['customer'], csrfToken: `of-${subject}` });
const expired = new Problem(401, 'unauthorized', '');
const read = { pressed: false, tries: 0 };
const press = { pressed: true, tries: 0 };

/** A server that knows who is there; a test moves people in and out. */
function setUp(first: Me, remembered: string | null = null) {
  const server = { me: first, refreshed: undefined as Me | undefined, offline: false };
  const api = {
    me: vi.fn(async () => {
      if (server.offline) throw new Problem(0, 'unreachable', '');
      return server.me;
    }),
    login: vi.fn(async (name: string, password: string) => {
      if (password !== 'right') throw new Problem(401, 'login-refused', '');
      server.me = person(name);
    }),
    refresh: vi.fn(async () => {
      if (server.offline) throw new Problem(0, 'unreachable', '');
      if (!server.refreshed) throw new Problem(401, 'refresh-refused', '');
      server.me = server.refreshed;
    }),
    logout: vi.fn(async () => void (server.me = nobody)),
  };
  let kept = remembered;
  const hint: Hint = { read: () => kept, write: (subject) => void (kept = subject) };
  const alone: Alone = (work) => work();
  const pause = vi.fn(async () => undefined);
  return { server, api, hint, pause, session: new Session(api, hint, alone, pause) };
}

test('where everybody may do everything nobody is asked', async () => {
  const { session, api } = setUp({ subject: null, roles: [], open: true });
  await session.start();
  expect(session.now()).toMatchObject({ known: true, asking: false });
  expect(await session.recover(expired, press)).toBe(false);
  expect(api.refresh).not.toHaveBeenCalled();
});

test('strangers are not asked whether their login goes on', async () => {
  const { session, api } = setUp(nobody);
  await session.start();
  expect(api.refresh).not.toHaveBeenCalled();
});

test('a login goes on when the page is opened again', async () => {
  const { session, server, hint } = setUp(nobody, 'kim');
  server.refreshed = person('kim');
  await session.start();
  expect(session.now().me?.subject).toBe('kim');
  expect(hint.read()).toBe('kim');
});

test('what changes something carries the token of the login', async () => {
  const { session } = setUp(person('kim'));
  await session.start();
  expect(session.headers('POST')).toEqual({ 'X-CSRF-Token': 'of-kim' });
  expect(session.headers('GET')).toEqual({});
});

test('a session that has expired is renewed once for all who wait', async () => {
  const { session, server, api } = setUp(person('kim'));
  await session.start();
  server.me = nobody;
  server.refreshed = person('kim');
  expect(await Promise.all([session.recover(expired, read), session.recover(expired, press)])).toEqual([true, true]);
  expect(api.refresh).toHaveBeenCalledTimes(1);
  expect(session.now()).toMatchObject({ asking: false, epoch: 0 });
});

test('a renewal that another window has made is taken over', async () => {
  const { session, api } = setUp(person('kim'));
  await session.start();
  expect(await session.recover(expired, read)).toBe(true);
  expect(api.refresh).not.toHaveBeenCalled();
});

test('a refresh that another one was sooner than waits for what that one brings', async () => {
  const { session, server, api, pause } = setUp(person('kim'));
  await session.start();
  server.me = nobody;
  api.refresh.mockRejectedValue(new Problem(409, 'refresh-raced', ''));
  pause.mockResolvedValueOnce(undefined).mockImplementationOnce(async () => void (server.me = person('kim')));
  expect(await session.recover(expired, press)).toBe(true);
  expect(api.refresh).toHaveBeenCalledTimes(2);
  expect(session.now().asking).toBe(false);
});

test('a race whose winner is never heard of ends in being asked', async () => {
  const { session, server, api } = setUp(person('kim'));
  await session.start();
  server.me = nobody;
  api.refresh.mockRejectedValue(new Problem(409, 'refresh-raced', ''));
  const waiting = session.recover(expired, press);
  await vi.waitFor(() => expect(session.now()).toMatchObject({ asking: true, expired: true }));
  session.dismiss();
  expect(await waiting).toBe(false);
  expect(api.refresh.mock.calls.length).toBeLessThan(10);
});

test('a login that is over is asked for, and then the request goes on', async () => {
  const { session, server, hint } = setUp(person('kim'));
  await session.start();
  server.me = nobody;
  const waiting = session.recover(expired, press);
  await vi.waitFor(() => expect(session.now()).toMatchObject({ asking: true, expired: true, epoch: 0 }));
  expect(session.now().me?.subject).toBe('kim');
  await expect(session.logIn('kim', 'wrong')).rejects.toMatchObject({ status: 401 });
  expect(session.now().asking).toBe(true);
  await session.logIn('kim', 'right');
  expect(await waiting).toBe(true);
  expect(session.now()).toMatchObject({ asking: false, expired: false, epoch: 0 });
  expect(hint.read()).toBe('kim');
});

test('nothing of one person is done in the name of the next', async () => {
  const { session, server } = setUp(person('kim'));
  await session.start();
  server.me = nobody;
  const waiting = session.recover(expired, press);
  await vi.waitFor(() => expect(session.now().asking).toBe(true));
  await session.logIn('lee', 'right');
  expect(await waiting).toBe(false);
  expect(session.now()).toMatchObject({ me: { subject: 'lee' }, epoch: 1 });
});

test('a stranger who presses goes on with what they pressed', async () => {
  const { session } = setUp(nobody);
  await session.start();
  const waiting = session.recover(expired, press);
  await vi.waitFor(() => expect(session.now()).toMatchObject({ asking: true, expired: false }));
  await session.logIn('kim', 'right');
  expect(await waiting).toBe(true);
  expect(session.now().epoch).toBe(0);
});

test('who would not log in is asked again only when they press something', async () => {
  const { session, server } = setUp(person('kim'));
  await session.start();
  server.me = nobody;
  const first = session.recover(expired, read);
  await vi.waitFor(() => expect(session.now().asking).toBe(true));
  session.dismiss();
  expect(await first).toBe(false);
  expect(await session.recover(expired, read)).toBe(false);
  expect(session.now().asking).toBe(false);
  const pressed = session.recover(expired, press);
  await vi.waitFor(() => expect(session.now().asking).toBe(true));
  session.dismiss();
  expect(await pressed).toBe(false);
});

test('a server that cannot be reached ends no login', async () => {
  const { session, server, hint } = setUp(person('kim'));
  await session.start();
  server.offline = true;
  await expect(session.recover(expired, press)).rejects.toMatchObject({ status: 0 });
  expect(session.now().asking).toBe(false);
  expect(hint.read()).toBe('kim');
});

test('a token of the page that is out of date is read again, once', async () => {
  const { session, server } = setUp(person('kim'));
  await session.start();
  const refused = new Problem(403, 'csrf', '');
  server.me = { ...person('kim'), csrfToken: 'newer' };
  expect(await session.recover(refused, press)).toBe(true);
  expect(session.headers('PATCH')).toEqual({ 'X-CSRF-Token': 'newer' });
  expect(await session.recover(refused, { pressed: true, tries: 1 })).toBe(false);
  expect(await session.recover(new Problem(403, 'forbidden', ''), press)).toBe(false);
});

test('a browser that keeps no cookies says so instead of asking for ever', async () => {
  const { session, api } = setUp(nobody);
  await session.start();
  api.login.mockImplementation(async () => undefined);
  await expect(session.logIn('kim', 'right')).rejects.toMatchObject({ code: 'no-cookie' });
});

test('logging out leaves nothing', async () => {
  const { session, hint } = setUp(person('kim'));
  await session.start();
  await session.logOut();
  expect(session.now()).toMatchObject({ me: { subject: null }, epoch: 1, expired: false });
  expect(hint.read()).toBeNull();
});
