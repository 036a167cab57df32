import type { InputBlock, InputBlockElement, KnownBlock, ModalView, PlainTextOption } from "@slack/types";
import type { Drawing, Form, FormInput } from "../../src/channels/drawing.ts";
import type { OfferedChoice } from "../../src/protocol/commands.ts";
import { plainText } from "./escape.ts";
import { most } from "./limits.ts";
import { presentBlocks } from "./present.ts";
import { paragraph, paragraphs, words } from "./richText.ts";

/** By which our forms are known when they come back. */
export const formCallback = "switchboard-form";

const close = plainText("Close", most.modalTitle);

/** A form as a modal. Its `private_metadata` is the card's id and nothing else: whoever fills it in may have changed it. */
export function presentForm({ card, title, text, inputs, submit }: Form): ModalView {
  const blocks = [...(text === undefined ? [] : paragraphs(text.slice(0, most.text))), ...inputs.flatMap(inputBlocks)];
  return {
    type: "modal",
    callback_id: formCallback,
    private_metadata: card,
    title: plainText(title, most.modalTitle),
    submit: plainText(submit, most.modalTitle),
    close: plainText("Cancel", most.modalTitle),
    blocks: blocks.slice(0, most.blocksOfView),
  };
}

/** What stands there at once, until it is known what is asked for. */
export function loadingView(): ModalView {
  return { type: "modal", title: plainText("Switchboard", most.modalTitle), close, blocks: [paragraph(words("One moment…"))] };
}

/** What is said in place of a form. */
export function saidView({ text, blocks = [], more }: Drawing): ModalView {
  const shown = presentBlocks({ text, blocks }, most.blocksOfView, false, [], more);
  return { type: "modal", title: plainText("Switchboard", most.modalTitle), close, blocks: shown };
}

/** Options for a select; those that Slack can't carry are left out. */
export function optionsOf(choices: readonly OfferedChoice[]): PlainTextOption[] {
  return choices
    .filter(({ value }) => value !== "" && value.length <= most.optionValue)
    .slice(0, most.options)
    .map(optionOf);
}

function optionOf({ value, label }: OfferedChoice): PlainTextOption {
  return { text: plainText(label, most.optionText), value };
}

function inputBlocks(input: FormInput): KnownBlock[] {
  const { name, label, hint, required, type, error } = input;
  // Slack keeps what is written in a modal, and shows it while it is written.
  if (type === "secret") return [paragraph(words(`${label} is a secret, and is asked for at the desk alone.`))];
  const block: InputBlock = {
    type: "input",
    block_id: name,
    label: plainText(label, most.inputLabel),
    optional: !required || type === "boolean",
    element: elementOf(input),
    ...(hint === undefined ? {} : { hint: plainText(hint, most.inputLabel) }),
  };
  return error === undefined ? [block] : [paragraph(words(`${label}: ${error}`, { bold: true })), block];
}

function elementOf(input: FormInput): InputBlockElement {
  const { name, type, value, choices } = input;
  const action_id = name;
  switch (type) {
    case "integer":
    case "number":
      return { type: "number_input", action_id, is_decimal_allowed: type === "number", ...numberLimits(input) };
    case "boolean": {
      const yes: PlainTextOption = { text: plainText("Yes", most.optionText), value: "true" };
      return { type: "checkboxes", action_id, options: [yes], ...(value === "true" ? { initial_options: [yes] } : {}) };
    }
    case "date":
      return { type: "datepicker", action_id, ...(/^\d{4}-\d{2}-\d{2}$/.test(value ?? "") ? { initial_date: value } : {}) };
    case "instant": {
      const at = Math.floor(Date.parse(value ?? "") / 1000);
      return { type: "datetimepicker", action_id, ...(at >= 1_000_000_000 && at <= 9_999_999_999 ? { initial_date_time: at } : {}) };
    }
    case "person":
      return { type: "users_select", action_id, ...(/^[UW][A-Z0-9]+$/.test(value ?? "") ? { initial_user: value } : {}) };
    case "choice":
      return selectOf(action_id, input, choices ?? []);
    default:
      return textInput(input);
  }
}

function selectOf(action_id: string, input: FormInput, choices: readonly OfferedChoice[]): InputBlockElement {
  const options = optionsOf(choices);
  const chosen = choices.find(({ value }) => value === input.value) ?? { value: input.value ?? "", label: input.value ?? "" };
  if (input.searched || choices.length > options.length) {
    const fits = chosen.value !== "" && chosen.value.length <= most.optionValue;
    return { type: "external_select", action_id, min_query_length: 0, ...(fits ? { initial_option: optionOf(chosen) } : {}) };
  }
  if (options.length === 0) return textInput(input);
  const initial = options.find(({ value }) => value === input.value);
  return { type: "static_select", action_id, options, ...(initial === undefined ? {} : { initial_option: initial }) };
}

function textInput({ name, type, value, minLength, maxLength }: FormInput): InputBlockElement {
  const longest = Math.min(maxLength ?? most.inputText, most.inputText);
  return {
    type: "plain_text_input",
    action_id: name,
    multiline: type === "longText",
    ...(minLength === undefined || minLength < 1 ? {} : { min_length: Math.min(minLength, longest) }),
    ...(longest < 1 ? {} : { max_length: longest }),
    ...(value === undefined || value === "" ? {} : { initial_value: value.slice(0, longest) }),
  };
}

function numberLimits({ value, minimum, maximum }: FormInput) {
  return {
    ...(/^-?\d{1,15}(\.\d{1,15})?$/.test(value ?? "") ? { initial_value: value ?? "" } : {}),
    ...(minimum === undefined ? {} : { min_value: String(minimum) }),
    ...(maximum === undefined ? {} : { max_value: String(maximum) }),
  };
}
