import { money } from '../format/money';
import { useLanguage } from '../text/language';

/** A sum of money; without one, what stands in for it. */
export function Amount({ amount, currency, none }: { amount: number | null; currency: string | null; none?: string }) {
  const { locale } = useLanguage();
  if (amount === null) return none ? <span className="amount none">{none}</span> : null;
  return <span className="amount">{money(amount, currency ?? 'KRW', locale)}</span>;
}
