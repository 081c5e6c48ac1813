import { useEffect, useState } from 'react';

export type Theme = 'auto' | 'light' | 'dark';
const remembered = 'baedal.theme';

/** The chosen appearance, kept on this device; 'auto' follows the system. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() => {
    const kept = localStorage.getItem(remembered);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  });
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(remembered, theme);
  }, [theme]);
  return [theme, setTheme];
}
