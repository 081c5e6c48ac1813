import { expect, test } from 'vitest';
import { homeOf, may, mayTry, mustTake, type Doing, type Me } from './roles';

const as = (...roles: string[]): Me => ({ subject: 'kim', roles, open: false, login: true });
const nobody: Me = { subject: null, roles: [], open: false, login: true };
const all: Doing[] = ['order', 'readLines', 'readOrders', 'deliver', 'seePayments', 'keepShop', 'operate'];
const those = (me: Me | undefined) => all.filter((doing) => may(me, doing));

test('each role is offered its own, an operator everything', () => {
  expect(those(as('customer'))).toEqual(['order', 'readLines', 'readOrders']);
  expect(those(as('courier'))).toEqual(['deliver']);
  expect(those(as('merchant'))).toEqual(['readOrders', 'keepShop']);
  expect(those(as('operator'))).toEqual(all);
  expect(those(as('something-else'))).toEqual([]);
  expect(those(nobody)).toEqual([]);
});

test('where everybody may do everything, and where nothing is known, all is offered', () => {
  expect(those({ subject: null, roles: [], open: true })).toEqual(all);
  expect(those(undefined)).toEqual(all);
});

test('strangers may try what a login might allow', () => {
  expect(mayTry(nobody, 'order')).toBe(true);
  expect(mayTry({ ...nobody, login: false }, 'order')).toBe(false);
  expect(mayTry(as('courier'), 'order')).toBe(false);
});

test('couriers take before they complete, where the server knows who is who', () => {
  expect(mustTake(as('courier'))).toBe(true);
  expect(mustTake(as('courier', 'operator'))).toBe(false);
  expect(mustTake({ ...as('courier'), open: true })).toBe(false);
  expect(mustTake(undefined)).toBe(false);
});

test('everybody begins at their own page', () => {
  expect([as('customer'), as('courier'), as('merchant'), as('operator'), as('customer', 'merchant'), undefined].map(homeOf)).toEqual(
    ['/', '/courier', '/shop', '/ops', '/', '/']);
});
