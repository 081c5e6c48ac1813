import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe finds serious on the page as it is. Its context must have been opened with bypassCSP: axe is put in by hand. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: script });
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (on: Document) => Promise<{ violations: Violation[] }> } };
    return (await axe.run(document)).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => html + failureSummary).join('\n')}`);
}
