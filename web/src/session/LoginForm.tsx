import { useId, useRef, useState, type FormEvent } from 'react';
import { Problem } from '../hal/client';
import { wordsFor } from '../parts/ProblemNote';
import type { Texts } from '../text/en';
import { useText } from '../text/language';
import { session } from './here';

const unauthorized = 401;
const tooMany = 429;

/** Why there was no login, in words. Whether the name exists is not among them. */
export function loginWords(error: unknown, text: Texts): string {
  if (!(error instanceof Problem)) return text.error.broken;
  if (error.status === unauthorized) return text.session.wrong;
  if (error.status === tooMany) return text.session.tooOften;
  if (error.code === 'no-cookie') return text.session.notKept;
  return wordsFor(error, text);
}

/** `name`: who they were, when they are asked again. */
export function LoginForm({ name: before = '', done }: { name?: string; done?: () => void }) {
  const text = useText();
  const id = useId();
  const [name, setName] = useState(before);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>();
  const secret = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || name.trim() === '' || password === '') return;
    setBusy(true);
    setFailed(undefined);
    try {
      await session.logIn(name.trim(), password);
      done?.();
    } catch (error) {
      setFailed(error);
      setPassword('');
      secret.current?.focus();
    }
    setBusy(false);
  };

  return (
    <form className="login-form" onSubmit={(event) => void submit(event)} aria-describedby={failed === undefined ? undefined : `${id}-wrong`}>
      <label htmlFor={`${id}-name`}>{text.session.name}</label>
      <input id={`${id}-name`} value={name} required autoComplete="username" autoCapitalize="none" spellCheck={false}
        onChange={(event) => setName(event.target.value)} data-testid="login-name" />
      <label htmlFor={`${id}-password`}>{text.session.password}</label>
      <input id={`${id}-password`} ref={secret} type="password" value={password} required autoComplete="current-password"
        aria-invalid={failed !== undefined} onChange={(event) => setPassword(event.target.value)} data-testid="login-password" />
      {failed !== undefined && (
        <p id={`${id}-wrong`} className="wrong" role="alert" data-testid="login-wrong">
          {loginWords(failed, text)}
        </p>
      )}
      <button type="submit" className="button main" aria-disabled={busy} data-testid="action-log-in">
        {busy ? text.session.loggingIn : text.session.logIn}
      </button>
    </form>
  );
}
