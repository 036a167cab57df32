import { useEffect, useRef, useState } from "preact/hooks";
import type { EnrolmentAnswer, RecoveryCodesAnswer } from "../../src/protocol/access.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { CodeField } from "./CodeField.tsx";
import { QrPicture } from "./QrPicture.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import factor from "./SecondFactor.module.css";
import { requestAsMe } from "./session.ts";
import { toldOf } from "./toldOf.ts";

interface EnrolmentLook {
  /** Beside "Set it up now". */
  otherwise: { label: string; onClick: () => void };
  onDone: () => void;
}

/** Sets up a second factor: the picture, the first code, the recovery codes. */
export function Enrolment({ otherwise, onDone }: EnrolmentLook) {
  const [begun, setBegun] = useState<EnrolmentAnswer | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => field.current?.focus(), [begun]);
  const attempt = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setWrong(null);
    try {
      await work();
    } catch (error) {
      setWrong(toldOf(error));
      field.current?.focus();
      field.current?.select();
    } finally {
      setBusy(false);
    }
  };
  const begin = () => attempt(async () => setBegun(await requestAsMe<EnrolmentAnswer>({ method: "POST", path: "account/second-factor" })));
  const confirm = (event: Event) => {
    event.preventDefault();
    const code = field.current?.value.trim() ?? "";
    if (code === "") return setWrong("Write the 6 digits that your authenticator shows.");
    void attempt(async () => {
      const answer = await requestAsMe<RecoveryCodesAnswer>({ method: "POST", path: "account/second-factor/confirm", body: { code } });
      setCodes(answer.recoveryCodes);
    });
  };

  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (begun === null) {
    return (
      <div class={factor.stack}>
        <Wrong>{wrong}</Wrong>
        <div class={factor.actions}>
          <Button tone="primary" disabled={busy} onClick={begin}>
            {busy ? "One moment…" : "Set it up now"}
          </Button>
          <Button onClick={otherwise.onClick}>{otherwise.label}</Button>
        </div>
      </div>
    );
  }
  return (
    <form class={factor.stack} onSubmit={confirm} noValidate>
      <div class={factor.scan}>
        <QrPicture address={begun.address} />
        <div>
          <p>Scan this with an authenticator app on your phone. Where it can't scan, write this into it:</p>
          <code class={factor.secret}>{begun.secret.match(/.{4}/g)?.join(" ")}</code>
        </div>
      </div>
      <CodeField id="enrol-code" field={field} label="The code that it shows now" wrong={wrong} />
      <div class={factor.actions}>
        <Button tone="primary" type="submit" disabled={busy}>
          {busy ? "One moment…" : "Confirm"}
        </Button>
        <Button onClick={otherwise.onClick}>{otherwise.label}</Button>
      </div>
      <small class={parts.hint}>Your other devices will be signed out.</small>
    </form>
  );
}
