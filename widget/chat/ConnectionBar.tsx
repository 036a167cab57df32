import { useEffect, useState } from "preact/hooks";
import { texts } from "../texts/texts.ts";
import type { Talk } from "./talk.ts";

// Most losses are over before anyone could read of them; nothing is silent for 3 s.
const quietMs = 1_500;

export function ConnectionBar({ talk }: { talk: Talk }) {
  const status = talk.status.value;
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (status === "open") return undefined;
    const timer = setTimeout(setLate, quietMs, true);
    return () => clearTimeout(timer);
  }, [status === "open"]);

  const text =
    talk.trouble.value ?? (late && status !== "open" ? (talk.known.value ? texts.noConnection : texts.stillConnecting) : undefined);
  return (
    <div role="status">
      {text !== undefined && (
        <div class="bar warn">
          <span class="grow">{text}</span>
          {status !== "open" && (
            <button type="button" class="button plain" onClick={talk.tryNow}>
              {texts.tryNow}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
