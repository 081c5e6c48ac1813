import { beforeAll, expect, test, vi } from 'vitest';
import { expand, follow, linkOf, listed } from './link';

beforeAll(() => vi.stubGlobal('document', { baseURI: 'http://localhost:8080/me' }));

test('a template takes the values it has a place for, and leaves the others out', () => {
  const template = 'http://localhost:8080/orders{?page,size,sort}';
  expect(expand(template)).toBe('http://localhost:8080/orders');
  expect(expand(template, { size: 20, sort: 'createdAt,desc' })).toBe('http://localhost:8080/orders?size=20&sort=createdAt%2Cdesc');
  expect(expand('/menus/{id}{?a}{&b}', { id: 'a/b', a: 1, b: 2 })).toBe('/menus/a%2Fb?a=1&b=2');
});

test('links that name an inner service are followed through the gateway', () => {
  expect(follow({ href: 'http://order:8080/orders/7?a=1' })).toBe('/orders/7?a=1');
});

test('a list is asked for in parts, whether its link is a template or not', () => {
  expect(listed({ href: 'http://localhost:8080/mypages' }, { page: 0, size: 20 })).toBe('/mypages?page=0&size=20');
  expect(listed({ href: '/menus{?page,size,sort}', templated: true }, { size: 5 })).toBe('/menus?size=5');
});

test('of several links with one relation the first is taken', () => {
  const resource = { _links: { item: [{ href: '/1' }, { href: '/2' }], self: { href: '/' } } };
  expect(linkOf(resource, 'item')?.href).toBe('/1');
  expect(linkOf(resource, 'self')?.href).toBe('/');
  expect(linkOf(resource, 'next')).toBeUndefined();
});
