import { useText } from '../text/language';
import { Icon } from './Icon';

const most = 99;

/** How many: two buttons and a field for who would rather type. */
export function Quantity({ value, change, label }: { value: number; change: (value: number) => void; label: string }) {
  const text = useText();
  const set = (next: number) => change(Math.min(Math.max(Math.trunc(next) || 1, 1), most));
  return (
    <div className="quantity" role="group" aria-label={label}>
      <button type="button" onClick={() => set(value - 1)} disabled={value <= 1} aria-label={text.menu.less}>
        <Icon name="minus" />
      </button>
      <input inputMode="numeric" value={value} aria-label={label} onFocus={(event) => event.target.select()}
        onChange={(event) => set(Number(event.target.value.replace(/\D/g, '')))} />
      <button type="button" onClick={() => set(value + 1)} disabled={value >= most} aria-label={text.menu.more}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
