import { expect, test } from 'vitest';
import { amount } from './amount';
import { money, parsePrice } from './money';
import { clockTime, since } from './time';

test('money is shown in the digits of its currency and the ways of the reader', () => {
  expect(money(4500, 'KRW', 'ko')).toBe('₩4,500');
  expect(money(4500, 'KRW', 'en')).toBe('₩4,500');
  expect(money(1250, 'EUR', 'de')).toBe('12,50\u00a0€');
  expect(money(0, 'USD', 'en')).toBe('$0.00');
});

test('a price is read as people write it', () => {
  expect(parsePrice('4500', 'KRW')).toBe(4500);
  expect(parsePrice(' ₩4,500 ', 'KRW')).toBe(4500);
  expect(parsePrice('4,500원', 'KRW')).toBe(4500);
  expect(parsePrice('12.5', 'EUR')).toBe(1250);
  for (const wrong of ['', 'free', '-1', '1e9', '1.2.3', '99999999999999999999']) {
    expect(parsePrice(wrong, 'KRW'), wrong).toBeUndefined();
  }
});

test('an amount of events is a number, one of bytes has the unit that fits', () => {
  expect(amount(1234, 'events', 'en')).toBe('1,234');
  expect(amount(0, 'bytes', 'en')).toBe('0');
  expect(amount(999, 'bytes', 'en')).toBe('999 byte');
  expect(amount(12_540, 'bytes', 'en')).toBe('12.5 kB');
  expect(amount(3_000_000_000, 'bytes', 'en')).toBe('3,000 MB');
});

test('a time of today is a time, one of another day names the day', () => {
  const now = new Date(2026, 10, 23, 18, 0);
  expect(clockTime(new Date(2026, 10, 23, 12, 4).toISOString(), 'en-GB', now)).toBe('12:04');
  expect(clockTime(new Date(2026, 10, 22, 12, 4).toISOString(), 'en-GB', now)).toContain('22 Nov');
});

test('how long ago is told in the unit a person would use, and never in the future', () => {
  const now = Date.UTC(2026, 10, 23, 12, 0, 0);
  const ago = (seconds: number) => since(new Date(now - seconds * 1000).toISOString(), 'en', now);
  expect(ago(5)).toBe('5 sec. ago');
  expect(ago(180)).toBe('3 min. ago');
  expect(ago(7200)).toBe('2 hr. ago');
  expect(ago(-30)).toBe('now');
});
