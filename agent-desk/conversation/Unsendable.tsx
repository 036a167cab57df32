import { useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";

interface UnsendableLook {
  text: string;
  onNote: () => void;
  onDiscard: () => void;
}

/** What can still be done with a reply that can't go to the customer any more. */
export function Unsendable({ text, onNote, onDiscard }: UnsendableLook) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = () => {
    // A page without a secure address has no clipboard.
    if (navigator.clipboard === undefined) return setCopied(false);
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <>
      <Button small tip="Leave it for your colleagues" onClick={onNote}>
        Make it a note
      </Button>
      <Button small tone="plain" onClick={copy}>
        {copied === null ? "Copy" : copied ? "Copied" : "Can't be copied here"}
      </Button>
      <Button small tone="plain" onClick={onDiscard}>
        Discard
      </Button>
    </>
  );
}
