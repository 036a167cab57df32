import { Copy } from "lucide-preact";
import { useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";

/** A button that copies a text, and says so. */
export function CopyButton({ text, children }: { text: string; children: string }) {
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
      <Button onClick={copy}>
        <Copy aria-hidden="true" /> {children}
      </Button>
      <span role="status">{copied === null ? "" : copied ? "Copied." : "It can't be copied here: mark it and copy it by hand."}</span>
    </>
  );
}
