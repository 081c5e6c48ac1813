/** `count` of something, for a table: 1,234 events, or 12.5 kB. */
export function amount(count: number, unit: 'events' | 'bytes', locale: string): string {
  if (unit === 'events' || count === 0) return new Intl.NumberFormat(locale).format(count);
  const step = count < 1000 ? 0 : count < 1_000_000 ? 1 : 2;
  const names = ['byte', 'kilobyte', 'megabyte'] as const;
  const format = { style: 'unit', unit: names[step], unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, format).format(count / 1000 ** step);
}
