import { Problem, write } from '../../hal/client';
import type { Pressed } from './queue';

/** Completes the delivery as of when it was pressed; the same however often it is sent. */
export async function sendPressed({ href, key, pressedAt }: Pressed): Promise<void> {
  try {
    await write(href, { method: 'PATCH', body: { status: 'complete', completedAt: pressedAt }, key, later: true });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'completed-at-impossible') throw error;
    // The clock of this device is wrong, or it was long without a network: it is delivered all the same, as of now.
    await write(href, { method: 'PATCH', body: { status: 'complete' }, key: `${key}-now`, later: true });
  }
}
