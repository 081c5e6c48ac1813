/** One line of Prometheus's text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

export function parseMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const one of text.split('\n')) {
    const found = one.startsWith('#') ? null : line.exec(one);
    if (!found) continue;
    const labels = Object.fromEntries([...(found[2] ?? '').matchAll(label)].map(([, name, value]) => [name ?? '', value ?? '']));
    samples.push({ name: found[1] ?? '', labels, value: Number(found[3]) });
  }
  return samples;
}

/** The sum of those with that name and those labels; undefined where there are none. */
export function sum(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number | undefined {
  const wanted = Object.entries(labels);
  const fitting = samples.filter((one) => one.name === name && wanted.every(([key, value]) => one.labels[key] === value));
  return fitting.length > 0 ? fitting.reduce((total, { value }) => total + value, 0) : undefined;
}

export interface Look {
  at: number;
  samples: Sample[];
}

/** How often a second that counter grew between two looks; 0 before there are two, and when it began anew. */
export function rate(before: Look | undefined, now: Look, name: string, labels: Record<string, string> = {}): number {
  if (!before || now.at <= before.at) return 0;
  const grown = (sum(now.samples, name, labels) ?? 0) - (sum(before.samples, name, labels) ?? 0);
  return grown > 0 ? grown / ((now.at - before.at) / 1000) : 0;
}

/** How many seconds the oldest order without a delivery has waited; 0: none waits. */
export function oldestWaiting(samples: readonly Sample[]): number {
  return Math.max(0, ...samples.filter(({ name }) => name === 'baedal_orders_waiting_oldest_age_seconds').map(({ value }) => value || 0));
}
