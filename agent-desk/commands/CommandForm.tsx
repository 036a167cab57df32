import { useEffect, useState } from "preact/hooks";
import type { CommandListing, PlanAnswer, RunAnswer } from "../../src/protocol/commands.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { Answer } from "../answers/Answer.tsx";
import { isSheet } from "../answers/shownAnswer.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { ArgumentField } from "./ArgumentField.tsx";
import { argumentChoices } from "./argumentChoices.ts";
import { argumentLabel, argumentsFrom, hiddenArguments, isSecret } from "./argumentFields.ts";
import { listCommands, planCommand, runCommand, sentence } from "./run.ts";
import { ShownPlan } from "./ShownPlan.tsx";
import { stop, underWay } from "./underWay.ts";

interface CommandFormLook {
  name: string;
  /** Fetched where it is not given. */
  listing?: CommandListing;
  conversation?: string | null;
  /** What stands in its fields at first. */
  begin?: Record<string, string>;
  /** What it answered; the dialog closes then, and whoever asked shows it. */
  onDone?: (run: RunAnswer) => void;
  onClose: () => void;
}

/** A form drawn from the command's own definition: its arguments in their order, each error beside its field. */
export function CommandForm({ name, listing: given, conversation = null, begin = {}, onDone, onClose }: CommandFormLook) {
  const desk = useDesk();
  const [listing, setListing] = useState(given ?? null);
  const [values, setValues] = useState(begin);
  const [wrong, setWrong] = useState<{ path: string | undefined; text: string } | null>(null);
  const [state, setState] = useState<"asking" | "running" | RunAnswer>("asking");
  const [planned, setPlanned] = useState<{ plan: PlanAnswer; values: typeof values } | null>(null);
  /** Of what stands in the fields now. */
  const plan = planned?.values === values ? planned.plan : null;

  useEffect(() => {
    if (listing !== null) return;
    listCommands()
      .then((found) => setListing(found.find((each) => each.name === name) ?? null))
      .catch((error: unknown) => setWrong({ path: undefined, text: sentence(error) }));
  }, [name, listing]);

  const hidden = hiddenArguments(listing?.args.properties ?? {}, values);
  const fields = Object.entries(listing?.args.properties ?? {}).filter(([key]) => key !== "conversation" && !hidden.has(key));
  const required = new Set(listing?.args.required ?? []);
  const perform = async (act: (args: Record<string, unknown>) => Promise<void>) => {
    if (listing === null) return;
    const missing = fields.find(([key, { type }]) => required.has(key) && type !== "boolean" && (ownValue(values, key) ?? "") === "");
    if (missing !== undefined) return setWrong({ path: `args.${missing[0]}`, text: `${argumentLabel(missing[0])} is needed.` });
    setWrong(null);
    setState("running");
    try {
      const said = Object.fromEntries(Object.entries(values).filter(([key]) => !hidden.has(key)));
      await act(argumentsFrom(listing.args, said, conversation));
    } catch (error) {
      setWrong({ path: error instanceof Refusal ? error.path : undefined, text: sentence(error) });
      setState("asking");
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    return perform(async (args) => {
      const run = await runCommand(name, args);
      if (onDone === undefined) return setState(run);
      onDone(run);
      onClose();
    });
  };
  const showPlan = () =>
    perform(async (args) => {
      setPlanned({ plan: await planCommand(name, args), values });
      setState("asking");
    });
  const wrongOf = (key: string) => (wrong?.path?.split(".").includes(key) ? wrong.text : null);
  const running = state === "running" ? underWay.value.find(({ command }) => command === name) : undefined;
  const elsewhere = wrong !== null && !fields.some(([key]) => wrongOf(key) !== null);

  return (
    <Dialog
      title={name === "me.password" ? "Change password" : (listing?.summary ?? name)}
      command={name}
      wide={typeof state === "object" && isSheet(state)}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        <div class={popups.dialogBody}>
          {listing === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
          {typeof state === "object" ? (
            <div role="status">
              <Answer answer={state} />
            </div>
          ) : (
            fields.map(([key, schema]) => (
              <ArgumentField
                key={key}
                command={name}
                name={key}
                schema={schema}
                secret={isSecret(name, key, schema)}
                required={required.has(key)}
                value={ownValue(values, key) ?? ""}
                others={values}
                known={argumentChoices(desk, null, key, schema)}
                wrong={wrongOf(key)}
                onInput={(value) => setValues({ ...values, [key]: value })}
              />
            ))
          )}
          {plan !== null && typeof state !== "object" && <ShownPlan plan={plan} command={name} />}
          <p class={parts.hint} role="status">
            {running?.told}
          </p>
          <Wrong>{elsewhere ? wrong.text : null}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          {running === undefined ? (
            <Button onClick={onClose}>{typeof state === "object" ? "Close" : "Cancel"}</Button>
          ) : (
            <Button disabled={running.stopping} onClick={() => void stop(running.id)}>
              {running.stopping ? "Stopping…" : "Stop"}
            </Button>
          )}
          {typeof state !== "object" && listing !== null && listing.risk !== "read" && name !== "me.password" && plan === null && (
            <Button disabled={state === "running"} tip="Shows what it would do; nothing happens" onClick={() => void showPlan()}>
              Plan
            </Button>
          )}
          {typeof state !== "object" && (
            <Button tone="primary" type="submit" disabled={state === "running" || listing === null}>
              {state === "running" ? "Running…" : name === "me.password" ? "Change password" : asksFor(plan) ? "Ask for it" : "Run"}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** Whether others must agree first. */
function asksFor(plan: PlanAnswer | null): boolean {
  return plan !== null && plan.approvals.length > 0;
}
