import { useEffect, useRef, useState } from "preact/hooks";
import type { RunAnswer } from "../../../src/protocol/commands.ts";
import { requestAsMe } from "../../session/session.ts";

/** What commands left when they last went well, as far as I may see their runs: what can be taken of them before anything is tried. */
export function useLastResults(commands: readonly string[]): ReadonlyMap<string, unknown> {
  const [known, setKnown] = useState<ReadonlyMap<string, unknown>>(new Map());
  const asked = useRef(new Set<string>());
  const wanted = commands.join(" ");
  useEffect(() => {
    for (const command of wanted.split(" ").filter((name) => name !== "" && !asked.current.has(name))) {
      asked.current.add(command);
      const filter = encodeURIComponent(JSON.stringify({ command: { eq: command }, state: { eq: "succeeded" } }));
      requestAsMe<{ items: RunAnswer[] }>({ method: "GET", path: `runs?limit=1&filter=${filter}` }).then(
        ({ items: [last] }) => last !== undefined && setKnown((before) => new Map([...before, [command, last.data]])),
        // Then there is less to choose from, and it can be tried.
        () => {},
      );
    }
  }, [wanted]);
  return known;
}
