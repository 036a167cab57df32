import { Copy, Download, Printer } from "lucide-preact";
import { useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import factor from "./SecondFactor.module.css";

/** The recovery codes, which are never shown again. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  const [copied, setCopied] = useState(false);
  const text = `Recovery codes of Switchboard. Each of them counts once.\n\n${codes.join("\n")}\n`;
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "switchboard-recovery-codes.txt";
    link.click();
    URL.revokeObjectURL(address);
  };
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div class={factor.stack}>
      <p role="status">
        With one of these codes you get in when your phone is lost. They are shown only now, each counts once, and those of before count no
        more.
      </p>
      <ol class={factor.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class={factor.actions}>
        <Button onClick={download}>
          <Download aria-hidden="true" /> Download
        </Button>
        <Button onClick={() => print()}>
          <Printer aria-hidden="true" /> Print
        </Button>
        <Button onClick={() => void copy()}>
          <Copy aria-hidden="true" /> {copied ? "Copied" : "Copy"}
        </Button>
      </div>
      <label class={factor.kept}>
        <input type="checkbox" checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} />I keep them where I find them
        without my phone.
      </label>
      <div class={factor.actions}>
        <Button tone="primary" disabled={!kept} onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
