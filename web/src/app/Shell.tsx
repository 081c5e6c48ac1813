import type { ReactNode } from 'react';
import { Icon, type IconName } from '../parts/Icon';
import { useAnnounce } from '../parts/Announcer';
import { refreshNow } from '../parts/refresh';
import { Account } from '../session/Account';
import type { Doing } from '../session/roles';
import { useMay } from '../session/useSession';
import { useLanguage, languages, type Language } from '../text/language';
import { useLiveState } from './live';
import { PageLink, orderInPath, usePlace } from './router';
import { useTheme, type Theme } from './theme';

/** Where, the picture and the words, and for whom; nothing: for everybody. */
const pages = [
  ['/', 'menu', undefined],
  ['/me', 'me', 'readLines'],
  ['/courier', 'courier', 'deliver'],
  ['/shop', 'shop', 'keepShop'],
  ['/ops', 'ops', 'operate'],
  ['/explorer', 'explorer', undefined],
] as const satisfies readonly (readonly [string, IconName, Doing | undefined])[];

function Pages() {
  const { path } = usePlace();
  const { text } = useLanguage();
  const mayDo = useMay();
  const at = orderInPath(path) === undefined ? path : '/me';
  return (
    <nav className="pages" aria-label={text.nav.label}>
      {pages.filter(([, , doing]) => !doing || mayDo(doing)).map(([to, name]) => (
        <PageLink key={to} to={to} aria-current={at === to ? 'page' : undefined}>
          <Icon name={name} />
          <span>{text.nav[name]}</span>
        </PageLink>
      ))}
    </nav>
  );
}

/** For who would rather not wait for the page to look by itself. */
function Refresh() {
  const { text } = useLanguage();
  const announce = useAnnounce();
  const press = () => {
    refreshNow();
    announce(text.live.refreshed);
  };
  return (
    <button type="button" className="plain" onClick={press} aria-label={text.live.refresh} title={text.live.refresh} data-testid="action-refresh">
      <Icon name="refresh" />
    </button>
  );
}

function LiveSign() {
  const { live } = useLiveState();
  const { text } = useLanguage();
  if (!live) return null;
  return (
    <span className="live">
      <span className="live-sign" data-state={live} role="status">
        <span className="live-dot" aria-hidden="true" />
        <span className="live-word">{text.live[live]}</span>
      </span>
      <Refresh />
    </span>
  );
}

function Choices() {
  const { language, choose, text } = useLanguage();
  const [theme, setTheme] = useTheme();
  const themes: Theme[] = ['auto', 'light', 'dark'];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  return (
    <>
      <button type="button" className="plain" onClick={() => setTheme(next)} data-testid="action-theme"
        aria-label={`${text.theme.label}: ${text.theme[theme]}`} title={`${text.theme.label}: ${text.theme[theme]}`}>
        <Icon name={theme} />
      </button>
      <label className="language">
        <span className="unseen">{text.language}</span>
        <Icon name="globe" />
        <select value={language} onChange={(event) => choose(event.target.value as Language)} data-testid="choose-language">
          {Object.entries(languages).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** What stands around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const { text } = useLanguage();
  return (
    <>
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <header className="top">
        <PageLink to="/" className="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="9" />
            <path d="M7 15h18a9 9 0 0 1-18 0Z" className="bowl" />
            <path d="M12 11c0-2 2-2 2-4M18 11c0-2 2-2 2-4" className="steam" />
          </svg>
          <span>{text.name}</span>
        </PageLink>
        <Pages />
        <div className="tools">
          <LiveSign />
          <Choices />
          <Account />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
