import { afterEach, expect } from 'vitest';
import { takeFaults } from './browser';

// In every file of browser tests: what a page says on its console as an error fails the test, and so does what the
// Content-Security-Policy had to refuse.
afterEach(() => expect(takeFaults()).toEqual([]));
