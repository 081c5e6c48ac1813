import { clockTime, exactTime } from '../format/time';
import { useLanguage } from '../text/language';

export function Time({ at }: { at: string }) {
  const { locale } = useLanguage();
  return (
    <time dateTime={at} title={exactTime(at, locale)}>
      {clockTime(at, locale)}
    </time>
  );
}
