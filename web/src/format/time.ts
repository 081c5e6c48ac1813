/** "12:04", or with the day when that is not today. */
export function clockTime(iso: string, locale: string, now = new Date()): string {
  const time = new Date(iso);
  const today = time.toDateString() === now.toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', ...day }).format(time);
}

/** With seconds, for somebody who wants to know exactly. */
export function exactTime(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));
}

/** To the millisecond, with the day when that is not today: for what happens between services. */
export function preciseTime(iso: string, locale: string, now = new Date()): string {
  const time = new Date(iso);
  const today = time.toDateString() === now.toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, ...day }).format(time);
}

/** "3 minutes ago". */
export function since(iso: string, locale: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  if (seconds > -60) return format.format(Math.min(seconds, 0), 'second');
  if (seconds > -3600) return format.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}
