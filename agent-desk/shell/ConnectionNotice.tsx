import { WifiOff } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { useDesk } from "./deskContext.ts";

/** Shorter breaks pass unseen; longer ones are told before three seconds are over. */
const patienceMs = 1200;

/** Says quietly that the connection is lost, that it comes back by itself, and that nothing is lost with it. */
export function ConnectionNotice() {
  const { connected, status, reconnect } = useDesk();
  const [shown, setShown] = useState(false);
  const lost = !connected.value;
  useEffect(() => {
    if (!lost) return setShown(false);
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status">
      {shown && (
        <div class={`${parts.notice} ${status.value === "connecting" ? parts.calm : ""}`}>
          <WifiOff aria-hidden="true" />
          <span class={parts.grow}>
            {status.value === "connecting" ? "Connecting…" : "Connection lost. What you write is kept and sent when it is back."}
          </span>
          <Button small tone="plain" onClick={reconnect}>
            Try now
          </Button>
        </div>
      )}
    </div>
  );
}
