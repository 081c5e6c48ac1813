import { expect, test } from 'vitest';
import { en } from './en';
import { ko } from './ko';
import { firstLanguage } from './language';

/** Every text of a table, by its path. */
function texts(table: object, path = ''): [string, unknown][] {
  return Object.entries(table).flatMap(([name, value]) =>
    typeof value === 'object' ? texts(value as object, `${path}${name}.`) : [[`${path}${name}`, value] as [string, unknown]],
  );
}

test('the first language that is spoken here is taken, and what was chosen before that', () => {
  expect(firstLanguage(null, ['fr', 'ko-KR', 'en'])).toBe('ko');
  expect(firstLanguage('en', ['ko'])).toBe('en');
  expect(firstLanguage('xx', ['fr'])).toBe('en');
  expect(firstLanguage(null, [])).toBe('en');
});

test('no text is empty or left in English', () => {
  const english = new Map(texts(en));
  const same = new Set(['nav.explorer', 'shop.pricePlaceholder', 'word.none']);
  for (const [path, text] of texts(ko)) {
    const say = (words: unknown) => (typeof words === 'function' ? String((words as (...a: unknown[]) => string)(1, '2')) : String(words));
    expect(say(text).length, path).toBeGreaterThan(0);
    if (!same.has(path)) expect(say(text), path).not.toBe(say(english.get(path)));
  }
});
