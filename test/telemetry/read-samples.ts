/** Reads Prometheus text strictly, as a scraper would: a line that is none is an error. */

export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/y;

export function readSamples(text: string): ReadSample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const match = LINE.exec(line);
      if (!match) throw new Error(`no sample: ${line}`);
      return { name: match[1]!, labels: labelsOf(match[2] ?? ""), value: Number(match[3]) };
    });
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (!match) throw new Error(`no labels: ${text}`);
    labels[match[1]!] = match[2]!;
  }
  return labels;
}

/** The sum of the samples of that name that have these labels. */
export function valueOf(
  samples: readonly ReadSample[],
  name: string,
  labels: Readonly<Record<string, string>>,
): number {
  return samples
    .filter((each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
