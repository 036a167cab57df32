import { useEffect, useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";
import type { AppView } from "./channels.ts";

export interface ManifestView {
  file: string;
  text: string;
  /** Where the service wants a file. */
  package?: { file: string; base64: string };
}

/** What the service must know of us, asked for again where the app's id becomes another. */
export function useManifest({ id, channel, appId }: AppView): { manifest: ManifestView | null; wrong: string | null } {
  const [manifest, setManifest] = useState<ManifestView | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    // One of before has another id in it: nobody takes it along.
    setManifest(null);
    setWrong(null);
    runCommand("channel.manifest", { channel, app: id }).then(
      ({ data }) => current && setManifest(isManifest(data) ? data : null),
      (error: unknown) => current && setWrong(sentence(error)),
    );
    return () => {
      current = false;
    };
  }, [id, channel, appId]);
  return { manifest, wrong };
}

/** The server checks what it answers; here it is only found. */
function isManifest(data: unknown): data is ManifestView {
  return typeof data === "object" && data !== null && "file" in data && "text" in data;
}
