import { createContext, useCallback, useContext, useEffect, useState, type AnchorHTMLAttributes, type MouseEvent, type ReactNode } from 'react';

interface Place {
  path: string;
  go: (path: string) => void;
}

const Here = createContext<Place | null>(null);

/** The address of the page, kept in step with the browser's own history. */
export function Router({ children }: { children: ReactNode }) {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const moved = () => setPath(location.pathname);
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const go = useCallback((next: string) => {
    history.pushState(null, '', next);
    setPath(new URL(next, location.href).pathname);
    scrollTo(0, 0);
  }, []);
  return <Here value={{ path, go }}>{children}</Here>;
}

export function usePlace(): Place {
  const place = useContext(Here);
  if (!place) throw new Error('There is no Router above this.');
  return place;
}

type PageLinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string };

/** A link to another page of this application; opens elsewhere when asked to, as any link. */
export function PageLink({ to, onClick, ...rest }: PageLinkProps) {
  const { go } = usePlace();
  const press = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (event.defaultPrevented || elsewhere) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={to} onClick={press} />;
}

/** The number in "/orders/7"; undefined for other addresses. */
export function orderInPath(path: string): number | undefined {
  const found = /^\/orders\/(\d{1,15})\/?$/.exec(path);
  return found ? Number(found[1]) : undefined;
}
