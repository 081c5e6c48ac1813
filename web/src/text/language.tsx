import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en, type Texts } from './en';
import { ko } from './ko';

export const languages = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof languages;

const tables: Record<Language, Texts> = { en, ko };
const remembered = 'baedal.language';

/** What was chosen here before, else the first language of the browser (its Accept-Language) there is a table for. */
export function firstLanguage(chosen: string | null, accepted: readonly string[]): Language {
  for (const tag of [chosen ?? '', ...accepted]) {
    const language = tag.toLowerCase().split('-')[0] ?? '';
    if (language in tables) return language as Language;
  }
  return 'en';
}

interface Choice {
  language: Language;
  /** For Intl: the browser's own region when it speaks that language ("en-GB"). */
  locale: string;
  text: Texts;
  choose: (language: Language) => void;
}

const Chosen = createContext<Choice | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => firstLanguage(localStorage.getItem(remembered), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo<Choice>(
    () => ({
      language,
      locale: navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language,
      text: tables[language],
      choose: (next) => {
        localStorage.setItem(remembered, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <Chosen value={value}>{children}</Chosen>;
}

export function useLanguage(): Choice {
  const choice = useContext(Chosen);
  if (!choice) throw new Error('There is no LanguageProvider above this.');
  return choice;
}

export const useText = (): Texts => useLanguage().text;
