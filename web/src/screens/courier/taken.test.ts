import { expect, test } from 'vitest';
import { Taken, type TakenBox } from './taken';

function box(...kept: number[]): TakenBox & { kept: number[] } {
  return {
    kept,
    read() {
      return [...this.kept];
    },
    write(ids) {
      this.kept = ids;
    },
  };
}

test('what was taken is known after a reload, and once', () => {
  const kept = box();
  const taken = new Taken(kept);
  taken.take(3);
  taken.take(3);
  expect(kept.kept).toEqual([3]);
  expect(new Taken(kept).isMine(3)).toBe(true);
});

test('what another courier has is neither free nor mine', () => {
  const taken = new Taken(box(3));
  taken.leave(3);
  expect([taken.isMine(3), taken.isElsewhere(3)]).toEqual([false, true]);
});

test('what is over is forgotten', () => {
  const kept = box(3, 4);
  new Taken(kept).forget(3);
  expect(kept.kept).toEqual([4]);
});
