import { fileKinds } from "../../commands/exports/table.ts";
import type { Block } from "../../protocol/blocks.ts";
import type { PlanAnswer, RunStory } from "../../protocol/commands.ts";
import type { Language } from "../../protocol/languages.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { CardButton, Drawing } from "../drawing.ts";

/** A plan, before anything has happened. */
export function planDrawing(card: string, name: string, { summary, changes, approvals }: PlanAnswer): Drawing {
  const lines = changes.map(({ text }) => text);
  const needs = approvals.length === 0 ? "" : ` It then waits for ${approvals.map(inWords).join(", and ")}.`;
  const what = lines.length === 0 ? summary : lines.join("\n");
  return {
    text: `${name} would do this; nothing has happened yet.${needs}\n${what}`,
    blocks: [
      {
        type: "plan",
        summary: `${name} would do this; nothing has happened yet.${needs}`,
        changes: changes.map(({ text, before, after }) => ({ what: text, ...factOf("before", before), ...factOf("after", after) })),
      },
    ],
    card: {
      id: card,
      buttons: [
        { verb: "run", label: approvals.length === 0 ? "Run it" : "Ask for it", style: "primary" },
        { verb: "drop", label: "Don't" },
      ],
    },
  };
}

function factOf(key: "before" | "after", fact: unknown): { before?: string; after?: string } {
  return fact === undefined || fact === null ? {} : { [key]: String(fact) };
}

/** Of what a reader may do with a run, what is done here; the others are done at the desk. */
const labels = { approve: "Approve", reject: "Refuse", "break-glass": "Break the glass", cancel: "Stop", undo: "Undo" } as const;

/** A run as whoever it is drawn for, the account `reader`, may see it, with what they can do. */
export function runDrawing(card: string, story: RunStory, reader: string, deskPage: (path: string) => string): Drawing {
  const { command, state, messages, error, approvals, decisions, by, progress, plan } = story;
  const more = { label: "At the desk", url: deskPage(`runs/${story.id}`) };
  const buttons = [
    ...(by.id === reader && hasWholeTable(story) ? fileKinds.map((kind) => ({ verb: kind, label: kind.toUpperCase() })) : []),
    ...story.may.flatMap((verb) => (verb in labels ? [buttonOf(verb as keyof typeof labels)] : [])),
  ];
  const decided = decisions.map(({ by: who, decision, reason }) => `${who.name} ${said[decision]}${reason === "" ? "." : `: ${reason}`}`);
  const drawn = (text: string, blocks: readonly Block[] = []): Drawing => ({ text, blocks, more, card: { id: card, buttons } });
  if (state === "running") {
    const far =
      progress === null ? "…" : `: ${progress.text}${progress.of === undefined ? "" : ` (${progress.done ?? 0} of ${progress.of})`}`;
    return drawn(`${command} is running${far}${story.stopping ? " It was asked to stop." : ""}`);
  }
  if (state === "waiting") {
    const what = (plan?.changes ?? []).map(({ text }) => text);
    const fields: Block = {
      type: "fields",
      fields: [
        { label: "Asked for by", value: by.name },
        ...Object.entries(story.args).map(([label, value]) => ({
          label,
          value: typeof value === "string" ? value : JSON.stringify(value),
        })),
      ],
    };
    return drawn(
      [`${command}, asked for by ${by.name}, waits for ${approvals.map(inWords).join(", and ")}.`, ...decided, ...what].join("\n"),
      [fields],
    );
  }
  const answered = messages.map(({ text }) => text).filter((text) => text !== "");
  const ends = {
    succeeded: answered.length === 0 ? `${command} is done.` : answered.join("\n"),
    failed: `${command} failed: ${error?.message ?? "nobody knows why"}`,
    refused: `${command} was refused: ${error?.message ?? "nobody said why"}`,
    cancelled: [`${command} was cancelled${error === null ? "." : `: ${error.message}`}`, ...answered].join("\n"),
    uncertain: `Nobody knows whether ${command} was done. Look before you run it again: ${error?.message ?? "the run tells where."}`,
  }[state];
  const undone = story.undoneBy === null ? [] : ["It was taken back."];
  return drawn(
    [ends, ...decided, ...undone].join("\n"),
    messages.flatMap(({ blocks = [] }) => blocks),
  );
}

/** Whether its rows can be taken as a file, by whoever asked (`exportOfRun`). */
function hasWholeTable({ state, messages, data }: RunStory): boolean {
  const isVersioned = typeof data === "object" && data !== null && "version" in data && typeof data.version === "number";
  return state === "succeeded" && isVersioned && messages.some(({ blocks = [] }) => blocks.some(({ type }) => type === "table"));
}

const said = { approve: "approved", reject: "refused", "break-glass": "broke the glass" } as const;

function buttonOf(verb: keyof typeof labels): CardButton {
  return {
    verb: verb === "break-glass" ? "breakGlass" : verb,
    label: labels[verb],
    ...(verb === "approve"
      ? { style: "primary" as const }
      : verb === "break-glass" || verb === "reject"
        ? { style: "danger" as const }
        : {}),
    ...(verb === "reject" || verb === "break-glass" ? { opens: true as const } : {}),
  };
}

function inWords({ by, quorum }: { by: string; quorum: number }): string {
  return `${quorum === 1 ? "one" : quorum} with the ${by.replace(":", " ")}`;
}

/** What a person is told of a refusal: in a sentence of theirs, never what broke inside. */
export function refusalDrawing(refusal: Refusal, language: Language = "en"): Drawing {
  return { text: refusal.in(language) };
}
