import { renderToStaticMarkup } from 'react-dom/server';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../../hal/client';
import type { OrderLike } from '../../hal/types';
import { LanguageProvider } from '../../text/language';
import { CancelOrder, outcomeOf } from './CancelOrder';
import { Outcome } from './Outcome';

let language: string;

beforeEach(() => {
  language = 'en-US';
  vi.stubGlobal('localStorage', { getItem: () => null });
  vi.stubGlobal('navigator', {
    get languages() {
      return [language];
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

const rendered = (what: ReactNode) => renderToStaticMarkup(<LanguageProvider>{what}</LanguageProvider>);

const order = (members: Partial<OrderLike>) =>
  ({ orderId: 1, version: 1, status: 'ordered', paymentStatus: 'paid', deliveryStatus: 'started', amount: 9000, currency: 'KRW', _links: { self: { href: '/orders/1' } }, ...members }) as OrderLike;
const cancelOf = (members: Partial<OrderLike>) => rendered(<CancelOrder order={order({})} present={order(members)} changed={() => undefined} />);

test('an order on its way can be cancelled', () => {
  expect(cancelOf({})).toContain('Cancel order');
  expect(cancelOf({})).not.toContain('disabled');
});

test('what is delivered has the button, which does not work, with the reason as its description', () => {
  const page = cancelOf({ deliveryStatus: 'complete' });
  expect(page).toMatch(/<button[^>]* disabled=""/);
  const reason = /aria-describedby="([^"]+)"/.exec(page)?.[1];
  expect(page).toContain(`<p id="${reason}"`);
  expect(page).toContain('It has been delivered, so it can no longer be cancelled.');
});

test('what is cancelled has nothing to cancel', () => {
  expect(cancelOf({ status: 'cancel', deliveryStatus: 'cancelled' })).toBe('');
});

test('a cancel has lost when the delivery was sooner, also while the order has not heard of that', () => {
  const delivered = (deliveryStatus: string) => new Problem(409, 'order-delivered', 'It has been delivered.', { order: order({ deliveryStatus } as Partial<OrderLike>) });
  expect(outcomeOf(delivered('complete'))).toBe('lost');
  expect(outcomeOf(delivered('started'))).toBe('lost');
  expect(outcomeOf(new Problem(503, 'delivery-unavailable', ''))).toBe('later');
  expect(outcomeOf(new Problem(409, 'idempotency-key-in-flight', ''))).toBe('failed');
  expect(outcomeOf(new TypeError('x is undefined'))).toBe('failed');
});

test.each([
  [{ deliveryStatus: 'started' }, ''],
  [{ status: 'cancel', paymentStatus: 'paid' }, 'Your money is on its way back.'],
  [{ status: 'cancel', paymentStatus: 'refunded' }, '₩9,000 was returned to you.'],
  [{ status: 'cancel', paymentStatus: 'refunded', amount: 1250, currency: 'EUR' }, '€12.50 was returned to you.'],
  [{ status: 'cancel', paymentStatus: 'refunded', amount: null }, 'What was paid has been returned.'],
  [{ status: 'cancel', paymentStatus: null }, 'Nothing was charged.'],
  [{ paymentStatus: 'declined', deliveryStatus: null }, 'The payment was declined; nothing was charged.'],
] as [Partial<OrderLike>, string][])('of the money of %o is said "%s"', (members, words) => {
  expect(rendered(<Outcome order={order(members)} />).replace(/<[^>]+>/g, '')).toBe(words);
});

test('a Korean reader is told in Korean', () => {
  language = 'ko-KR';
  expect(rendered(<Outcome order={order({ status: 'cancel', paymentStatus: 'refunded' })} />)).toContain('₩9,000이 환불되었습니다.');
  expect(cancelOf({})).toContain('주문 취소');
});
