import type { ReactNode } from 'react';

/** Where there is nothing yet: says so, and what to do about it. */
export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className="empty" data-testid="empty">
      <svg viewBox="0 0 120 72" aria-hidden="true">
        <ellipse cx="60" cy="62" rx="46" ry="6" className="shadow" />
        <path d="M20 32h80a40 30 0 0 1-80 0Z" className="bowl" />
        <path d="M48 24c0-7 6-7 6-14M66 24c0-7 6-7 6-14" className="steam" />
      </svg>
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  );
}
