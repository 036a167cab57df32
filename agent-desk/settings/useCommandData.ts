import { useCallback, useEffect, useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";

/** What a reading command answers as data, and the way to ask again after a change. */
export function useCommandData<Data>(command: string, field: string): { data: Data[] | null; wrong: string | null; again: () => void } {
  const [data, setData] = useState<Data[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const again = useCallback(() => {
    runCommand(command, {}).then(
      (run) => {
        setData(listIn<Data>(run.data, field));
        setWrong(null);
      },
      (error: unknown) => setWrong(sentence(error)),
    );
  }, [command, field]);
  useEffect(again, [again]);
  return { data, wrong, again };
}

/** The server checks what it answers; here it is only found. */
function listIn<Data>(data: unknown, field: string): Data[] {
  const found: unknown = typeof data === "object" && data !== null ? Reflect.get(data, field) : undefined;
  return Array.isArray(found) ? found : [];
}
