import { useId, useState, type FormEvent } from 'react';
import { parsePrice } from '../../format/money';
import type { Menu } from '../../hal/types';
import { useText } from '../../text/language';

export interface MenuWords {
  menuNm: string;
  price: number | null;
}

interface Props {
  menu?: Menu;
  /** Whether it was saved. What was typed stays until it was. */
  save: (words: MenuWords) => Promise<boolean>;
  leave?: () => void;
}

/** A price as it is typed: minor units in the currency's own digits. */
function typedPrice(menu: Menu | undefined): string {
  if (menu?.price === undefined || menu.price === null) return '';
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency: menu.currency }).resolvedOptions().maximumFractionDigits ?? 0;
  return (menu.price / 10 ** digits).toFixed(digits);
}

export function MenuForm({ menu, save, leave }: Props) {
  const text = useText();
  const id = useId();
  const [name, setName] = useState(menu?.menuNm ?? '');
  const [price, setPrice] = useState(typedPrice(menu));
  const [wrong, setWrong] = useState<'name' | 'price'>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const minor = price.trim() === '' ? null : parsePrice(price, menu?.currency ?? 'KRW');
    const fault = name.trim() === '' ? 'name' : minor === undefined ? 'price' : undefined;
    setWrong(fault);
    if (fault || minor === undefined) {
      document.getElementById(`${id}-${fault}`)?.focus();
      return;
    }
    setBusy(true);
    const saved = await save({ menuNm: name.trim(), price: minor });
    setBusy(false);
    if (!saved) return;
    if (!menu) {
      setName('');
      setPrice('');
      document.getElementById(`${id}-name`)?.focus();
    }
    leave?.();
  };

  return (
    <form className="menu-form" onSubmit={(event) => void submit(event)} noValidate>
      <label htmlFor={`${id}-name`}>{text.shop.nameLabel}</label>
      <input id={`${id}-name`} value={name} maxLength={100} placeholder={text.shop.namePlaceholder} autoComplete="off"
        aria-invalid={wrong === 'name'} aria-describedby={wrong === 'name' ? `${id}-name-wrong` : undefined}
        onChange={(event) => setName(event.target.value)} data-testid="menu-name" />
      <label htmlFor={`${id}-price`}>{text.shop.priceLabel}</label>
      <input id={`${id}-price`} value={price} inputMode="decimal" placeholder={text.shop.pricePlaceholder} autoComplete="off"
        aria-invalid={wrong === 'price'} aria-describedby={`${id}-price-hint`}
        onChange={(event) => setPrice(event.target.value)} data-testid="menu-price" />
      <p id={`${id}-price-hint`} className={wrong === 'price' ? 'wrong' : 'hint'} role={wrong === 'price' ? 'alert' : undefined}>
        {wrong === 'price' ? text.shop.priceWrong : text.shop.priceHint}
      </p>
      {wrong === 'name' && (
        <p id={`${id}-name-wrong`} className="wrong" role="alert">
          {text.shop.nameMissing}
        </p>
      )}
      <div className="form-actions">
        {leave && (
          <button type="button" className="button" onClick={leave}>
            {text.shop.keep}
          </button>
        )}
        <button type="submit" className="button main" aria-disabled={busy} data-testid="action-save-menu">
          {busy ? text.shop.adding : menu ? text.shop.save : text.shop.add}
        </button>
      </div>
    </form>
  );
}
