import { Undo2 } from "lucide-preact";
import { useState } from "preact/hooks";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { now } from "../shell/now.ts";
import styles from "./Answers.module.css";

/** Takes back what was just answered, for as long as it can be; whether something newer stands on it, the server says. */
export function UndoOffer({ run, until }: { run: string; until: string }) {
  const [state, setState] = useState<"offered" | "running" | Pick<RunAnswer, "messages">>("offered");
  const [wrong, setWrong] = useState<string | null>(null);
  const undo = async () => {
    setState("running");
    setWrong(null);
    try {
      setState(await runCommand("run.undo", { run }));
    } catch (error) {
      setWrong(sentence(error));
      setState("offered");
    }
  };
  if (typeof state === "object") return <p role="status">{state.messages.map(({ text }) => text).join(" ")}</p>;
  if (Date.parse(until) <= now.value) return null;
  return (
    <>
      <div class={styles.files}>
        <Button small command="run.undo" disabled={state === "running"} onClick={() => void undo()}>
          <Undo2 aria-hidden="true" /> {state === "running" ? "Taking it back…" : "Undo"}
        </Button>
      </div>
      <Wrong>{wrong}</Wrong>
    </>
  );
}
