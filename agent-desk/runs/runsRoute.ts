/** Where a run stands at the desk. */
export function runAddress(id: string): string {
  return `#/runs/${id}`;
}
