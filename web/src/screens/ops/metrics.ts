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

/** What one process said of itself. */
export interface Look {
  at: number;
  samples: Sample[];
}

const sameStartSeconds = 1;

/** Whether both were said by the same process: an address may be another's meanwhile. */
function sameProcess(before: Look, now: Look): boolean {
  const started = (look: Look) => sum(look.samples, 'process_start_time_seconds') ?? 0;
  return Math.abs(started(before) - started(now)) < sameStartSeconds;
}

/** How often a second that counter grew between two looks; 0 before there are two of one process. */
export function rate(before: Look | undefined, now: Look, name: string, labels: Record<string, string> = {}): number {
  if (!before || now.at <= before.at || !sameProcess(before, now)) return 0;
  const grown = (sum(now.samples, name, labels) ?? 0) - (sum(before.samples, name, labels) ?? 0);
  return grown > 0 ? grown / ((now.at - before.at) / 1000) : 0;
}
