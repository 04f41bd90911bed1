/** Prints tables of numbers. */

/** Columns of figures, each under its name; rows are what was measured. */
export function table(title: string, columns: Readonly<Record<string, Readonly<Record<string, number>>>>): void {
  const turned: Record<string, Record<string, number>> = {};
  for (const [column, values] of Object.entries(columns))
    for (const [name, value] of Object.entries(values)) (turned[name] ??= {})[column] = round(value);
  console.log(`\n${title}`);
  console.table(turned);
}

/** Lower quartile, median, upper quartile. */
export function quartiles(values: readonly number[]): readonly [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
  return [at(0.25), at(0.5), at(0.75)];
}

function round(value: number): number {
  return Math.abs(value) < 10 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10;
}
