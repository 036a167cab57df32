import { z } from "zod";
import { line, words } from "./elements.ts";
import { cardOf } from "./present.ts";
import type { Dialog } from "./presentForm.ts";

const lineInput = "command.line";
const mostCharacters = 4000;
const brought = z.looseObject({ [lineInput]: z.string().max(mostCharacters) });

/** Asks for a command where somebody writes a message: what the message extension's action opens. */
export function commandDialog(): Dialog {
  return {
    title: "Run a command",
    card: cardOf(
      [
        line(words("Say what is to be done, as in the chat: help lists what you may run.")),
        {
          type: "Input.Text",
          id: lineInput,
          label: "Command",
          placeholder: "late-orders region:north",
          isRequired: true,
          errorMessage: "Say what is to be done.",
          maxLength: mostCharacters,
        },
      ],
      [{ type: "Action.Submit", title: "Run", style: "positive", data: {} }],
    ),
  };
}

export function readCommandLine(data: Readonly<Record<string, unknown>>): string | undefined {
  const text = brought.safeParse(data).data?.[lineInput]?.trim();
  return text === "" ? undefined : text;
}
