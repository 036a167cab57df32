const mostTimes = 20;

/** Where each label stands from left (0) to right (1): by their values where all are dates or numbers, else one step after another. */
export function placesOf(labels: readonly string[]): number[] {
  const values = labels.map(positionOf);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (Number.isFinite(low) && high > low) return values.map((value) => (value - low) / (high - low));
  return labels.map((_, index) => (labels.length === 1 ? 0.5 : index / (labels.length - 1)));
}

/** NaN of a word. */
function positionOf(label: string): number {
  if (/^\d{4}-\d\d-\d\d/.test(label)) return Date.parse(label);
  return /^-?\d+(\.\d+)?$/.test(label) ? Number(label) : Number.NaN;
}

/** Round values from below the least to above the most, 0 among them: lines across the chart. */
export function ticksOf(values: readonly number[]): number[] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  if (low === high) return [0, 1];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const count = Math.ceil(high / step) - first;
  return Array.from({ length: count + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Lines that are read by one scale: of the largest values first. Beside values twenty times as high a line would lie flat on the ground. */
export function scalesOf(series: readonly { values: readonly number[] }[]): number[][] {
  const highest = series.map(({ values }) => Math.max(0, ...values.map(Math.abs)));
  const places = series.map((_, place) => place).sort((a, b) => (highest[b] ?? 0) - (highest[a] ?? 0));
  const scales: number[][] = [];
  for (const place of places) {
    const [first = place] = scales.at(-1) ?? [];
    const isFlat = (highest[place] ?? 0) > 0 && (highest[first] ?? 0) > mostTimes * (highest[place] ?? 0);
    if (scales.length === 0 || isFlat) scales.push([place]);
    else scales.at(-1)?.push(place);
  }
  return scales.map((scale) => scale.sort((a, b) => a - b));
}
