/** How long a connection may live that keeps what it parsed, and how long names are given for. */
export const parsedForSeconds = 3600;
const mostNames = 100;
const mostSeen = 1000;

/**
 * Names for statements that come again, by which a connection keeps them parsed: a list's text depends on what is filtered and sorted, and parsing it
 * takes PostgreSQL as long as reading it. At most 100 an hour, so that a connection that lives for an hour never holds more than 200.
 */
export function nameStatements(now: () => number = () => performance.now()): (text: string) => string | undefined {
  const seen = new Map<string, string | undefined>();
  let names = 0;
  let period = 0;
  return (text) => {
    const current = Math.floor(now() / (parsedForSeconds * 1000));
    if (current !== period || seen.size >= mostSeen) {
      seen.clear();
      if (current !== period) names = 0;
      period = current;
    }
    const name = seen.get(text);
    if (name !== undefined) return name;
    // What comes once is not worth a name.
    const given = seen.has(text) && names < mostNames ? `again_${period}_${names++}` : undefined;
    seen.set(text, given);
    return given;
  };
}
