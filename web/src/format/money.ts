/** `amount` is in minor units of `currency`: ₩4,500 is 4500 KRW, €4.50 is 450 EUR. */
export function money(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(amount / 10 ** digits);
}

/** What somebody typed as a price, in minor units; undefined when it is none. */
export function parsePrice(typed: string, currency: string): number | undefined {
  const plain = typed.replace(/[\s,₩원]/g, '');
  if (!/^\d+(\.\d+)?$/.test(plain)) return undefined;
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
  const minor = Math.round(Number(plain) * 10 ** digits);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
