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
