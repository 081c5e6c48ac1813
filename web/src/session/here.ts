import { guardBy, sendOnce } from '../hal/client';
import { may, type Doing, type Me } from './roles';
import { Session, type Alone, type Hint, type SessionApi } from './session';

const remembered = 'baedal.login';

// Where logins are is agreed upon; the entrance of the API has no links to them.
async function post(url: string, body?: unknown): Promise<void> {
  const headers: Record<string, string> = { Accept: 'application/json', ...session.headers('POST') };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  await sendOnce(url, { method: 'POST', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

const api: SessionApi = {
  async me() {
    const response = await sendOnce('/me', { headers: { Accept: 'application/json' } });
    return (await response.json()) as Me;
  },
  login: (name, password) => post('/login', { name, password }),
  refresh: () => post('/refresh'),
  logout: () => post('/logout'),
};

const deviceHint: Hint = {
  read: () => localStorage.getItem(remembered),
  write(subject) {
    if (subject === null) localStorage.removeItem(remembered);
    else localStorage.setItem(remembered, subject);
  },
};

/** Where the browser has no locks, windows may meet; then one of them asks for the password again. */
const alone: Alone = async (work) => ('locks' in navigator ? await navigator.locks.request(remembered, work) : await work());

/** The one of this window. */
export const session = new Session(api, deviceHint, alone);
guardBy(session);

/** Whether the visitor may, as far as is known here. */
export const mayHere = (doing: Doing): boolean => may(session.now().me, doing);

/** Looks who is there, now and when that may have changed elsewhere. */
export function watchSession(): () => void {
  void session.start();
  const another = (event: StorageEvent) => {
    const { me, expired } = session.now();
    if (event.key !== remembered || event.newValue === '') return;
    if (expired || event.newValue !== (me?.subject ?? null)) void session.start();
  };
  const online = () => {
    if (!session.now().me) void session.start();
  };
  addEventListener('storage', another);
  addEventListener('online', online);
  return () => {
    removeEventListener('storage', another);
    removeEventListener('online', online);
  };
}
