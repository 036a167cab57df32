import { useEffect } from "preact/hooks";
import { runCommand } from "../commands/run.ts";
import { useDesk } from "../shell/deskContext.ts";

/** Whoever has the conversation on a visible page has read what names them in it. */
export function useReadMentions(conversation: string, shown: boolean): void {
  const { mentions, connected } = useDesk();
  const waits = shown && connected.value && mentions.waitsIn(conversation);
  useEffect(() => {
    if (!waits) return;
    const tell = () => {
      if (document.visibilityState !== "visible") return;
      mentions.expectRead(conversation);
      // Where it fails, the topic tells again that it is not read, and the next look tries again.
      runCommand("mention.read", { conversation }).catch(() => {});
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [mentions, conversation, waits]);
}
