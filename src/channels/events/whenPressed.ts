import { decideRun } from "../../commands/approvals/decideRun.ts";
import { unknownCommand } from "../../commands/execute.ts";
import { type FileKind, fileKinds } from "../../commands/exports/table.ts";
import { cancelRun } from "../../commands/runs/cancelRun.ts";
import { commandOf } from "../../commands/runs/runOutside.ts";
import { startRun } from "../../commands/runs/startRun.ts";
import { findMessage } from "../../conversations/conversationStore.ts";
import { rateConversation } from "../../conversations/marks/rateConversation.ts";
import { offeredAction } from "../../conversations/turns/offeredAction.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type Asker, askCommand, askProof, begin } from "../asking/askCommand.ts";
import { exportThere } from "../asking/exportThere.ts";
import { commandAsked, readFormName } from "../asking/forms.ts";
import { argumentsOf } from "../asking/inputs.ts";
import { orTell } from "../asking/sayOrRefuse.ts";
import { type CardRow, findCard } from "../cards/cardStore.ts";
import { closeCard, drawRuns } from "../cards/drawAnew.ts";
import { aloneWithThem, type ChatEvent, type ChatPlace } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { messageOfCard } from "../outbox/outStore.ts";
import { confirmLink } from "../people/linkPerson.ts";
import type { Who } from "../people/people.ts";
import { takeTalk } from "../threads/talkAsAgent.ts";
import { chooseAsContact, contactOf } from "../threads/talkAsContact.ts";

type Pressed = ChatEvent & { kind: "pressed" };
type Filled = ChatEvent & { kind: "filled" };

/** What somebody presses on a card of ours: a card that isn't theirs, or isn't ours, does nothing and says so. */
export async function whenPressed(outside: ChatOutside, who: Who, pressed: Pressed): Promise<void> {
  await orTell(outside, who, pressed, async () => {
    const card = await cardFor(outside, who, { id: pressed.card, message: pressed.message, room: pressed.place.room });
    await press(outside, who, card, { ...pressed, value: pressed.value });
  });
}

/** What somebody fills in. That the values fit was seen before (`problemsOf`), and is seen again. */
export async function whenFilled(outside: ChatOutside, who: Who, filled: Filled): Promise<void> {
  const name = readFormName(filled.card);
  if (name === undefined) return;
  const row = await findCard(outside.database.forTenant(who.installation.tenant), name.card);
  const place = filled.place ?? row?.place ?? who.person.place ?? aloneWithThem;
  await orTell(outside, who, { key: filled.key, place }, async () => {
    const card = await cardFor(outside, who, { id: name.card, message: undefined, room: filled.place?.room });
    await press(outside, who, card, { key: filled.key, place, verb: name.verb, value: name.value, values: filled.values });
  });
}

interface Press {
  key: string;
  place: ChatPlace;
  verb: string;
  value: string | undefined;
  values?: Readonly<Record<string, string>>;
}

async function press(outside: ChatOutside, who: Who, card: CardRow, one: Press): Promise<void> {
  const { data } = card;
  if (data.kind === "link") return await answerLink(outside, who, card, data.account, one);
  if (data.kind === "rating") return await rate(outside, who, card, data.conversation, one);
  if (data.kind === "offer") return await choose(outside, who, data, one);
  const { principal } = who;
  if (principal === undefined) throw new Refusal("unauthenticated", 'You are not linked to an account; write "link" to me alone.');
  const asker: Asker = { ...who, principal };
  if (data.kind === "talk") return await handle(outside, asker, data.conversation, one);
  if (card.run !== null) return await onRun(outside, asker, card, card.run, one);
  await onCommand(outside, asker, card, one);
}

/** A card of this installation, for this person or for everybody there, on the message that has it. Refusal `not_found`, the same for every reason. */
export async function cardFor(
  { database }: Pick<ChatOutside, "database">,
  { installation, person }: Who,
  { id, message, room }: { id: string; message: string | undefined; room: string | undefined },
): Promise<CardRow> {
  const sql = database.forTenant(installation.tenant);
  const card = isUuid.test(id) ? await findCard(sql, id) : undefined;
  const there = card?.place?.room;
  const isThere = there === undefined || there === "" || room === undefined || room === there;
  const theirs = isThere && card?.installation === installation.id && (card.person === null || card.person === person.id);
  const written = theirs && message !== undefined && card.only === null ? await messageOfCard(sql, id) : undefined;
  if (!theirs || (written !== undefined && written !== message))
    throw new Refusal("not_found", "This can't be pressed any more, or not by you.");
  return card;
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The arguments are there, or the plan was seen: it goes on. */
async function onCommand(outside: ChatOutside, asker: Asker, card: CardRow, { key, place, verb, value, values }: Press): Promise<void> {
  const { data } = card;
  const where = { key, place, ...(card.only === null ? {} : { only: card.only }) };
  if (data.kind === "plan" && verb === "drop")
    return await closeCard(outside, asker.installation.tenant, card, key, `${data.command} was not run.`);
  const asked = await commandAsked(outside, asker, card, value);
  if (asked === undefined) throw new Refusal("not_found", "This can't be pressed any more.");
  const { command, args } = asked;
  if (data.kind === "plan" && (verb === "run" || verb === "prove")) {
    try {
      // Pressed twice at once, it runs once.
      await begin(outside, asker, { command, args, ...where, key: `card ${card.id}` }, data.planHash);
      await closeCard(outside, asker.installation.tenant, card, key, `${command.name}: ${asker.principal.name} went on with it.`);
    } catch (error) {
      if (error instanceof Refusal && error.code === "step_up_needed") return await askProof(outside, asker, { key, place, data });
      // What it saw has changed, or its minute is over: what stands now is shown, and asked again.
      if (!(error instanceof Refusal) || error.code !== "stale") throw error;
      await closeCard(outside, asker.installation.tenant, card, key, `${command.name}: ${error.message}`);
      await askCommand(outside, asker, { command, args, ...where });
    }
    return;
  }
  if (data.kind === "form" && verb === "prove") {
    await askCommand(outside, asker, { command, args, ...where });
    return await closeCard(outside, asker.installation.tenant, card, key, `${command.name}: ${asker.principal.name} said who they are.`);
  }
  if (verb === "fill" || verb === "open") {
    if (values === undefined) return;
    await askCommand(outside, asker, { command, args: argumentsOf(command.args, values), ...where });
    if (data.kind === "form")
      await closeCard(outside, asker.installation.tenant, card, key, `${command.name}: ${asker.person.name} filled it in.`);
    return;
  }
  throw new Refusal("not_found", "This can't be pressed any more.");
}

async function onRun(outside: ChatOutside, asker: Asker, card: CardRow, run: string, { key, place, verb, values }: Press): Promise<void> {
  const { principal } = asker;
  const where = { key, place, ...(card.only === null ? {} : { only: card.only }) };
  if (verb === "approve" || ((verb === "reject" || verb === "breakGlass") && values !== undefined)) {
    const { ended } = await decideRun(outside, principal, run, {
      decision: verb === "breakGlass" ? "break-glass" : verb,
      reason: values?.["reason"] ?? "",
    });
    void ended;
  } else if (verb === "cancel") await cancelRun(outside, principal, run);
  else if (verb === "undo") {
    const command = await commandOf(outside, principal.tenant, "run.undo");
    if (command === undefined) throw unknownCommand("run.undo");
    return await askCommand(outside, asker, { command, args: { run }, ...where });
  } else if (isFileKind(verb)) return await exportThere(outside, asker, run, verb, { key, place });
  else return;
  await drawRuns(outside, principal.tenant, run);
}

function isFileKind(verb: string): verb is FileKind {
  return fileKinds.some((kind) => kind === verb);
}

/** What an agent does with a conversation in their team's room: by the same commands as at the desk. */
async function handle(outside: ChatOutside, asker: Asker, conversation: string, { key, verb, values }: Press): Promise<void> {
  if (verb === "take") return await takeTalk(outside, asker, conversation, key);
  const name = verb === "note" && values !== undefined ? "conversation.note" : verb === "close" ? "conversation.close" : undefined;
  if (name === undefined) return;
  const command = await commandOf(outside, asker.principal.tenant, name);
  if (command === undefined) throw unknownCommand(name);
  const args = { conversation, ...(verb === "note" ? { text: values?.["text"] ?? "" } : {}) };
  const { ended } = await startRun(outside, { command, principal: asker.principal, args, idempotencyKey: `${verb}:${key}`.slice(0, 200) });
  const { error } = await ended;
  if (error !== null) throw new Refusal(error.code, error.message);
}

async function choose(
  outside: ChatOutside,
  who: Who,
  { conversation, seq }: { conversation: string; seq: number },
  { key, value }: Press,
): Promise<void> {
  const sql = outside.database.forTenant(who.installation.tenant);
  const visitor = await contactOf(outside, who, conversation);
  const buttons = ((await findMessage(sql, conversation, seq))?.blocks ?? []).flatMap((block) =>
    "buttons" in block ? (block.buttons ?? []) : [],
  );
  const button = buttons[Number(value)];
  if (button === undefined) throw new Refusal("not_found", "This can't be chosen any more.");
  const chosen = await offeredAction(outside, visitor, { seq, action: button.action, value: button.value });
  await chooseAsContact(outside, who, conversation, { key, ...chosen });
}

async function rate(outside: ChatOutside, who: Who, card: CardRow, conversation: string, { key, value }: Press): Promise<void> {
  const visitor = await contactOf(outside, who, conversation);
  const { score } = await rateConversation(outside, visitor, { score: Number(value) });
  await closeCard(outside, who.installation.tenant, card, key, `Thank you: ${score} of 5.`);
}

async function answerLink(outside: ChatOutside, who: Who, card: CardRow, account: string, { key, verb }: Press): Promise<void> {
  const { installation, person } = who;
  const asked = { tenant: installation.tenant, person: { ...person, channel: installation.app.service }, account, yes: verb === "yes" };
  if (!(await confirmLink(outside, asked)))
    return await closeCard(outside, who.installation.tenant, card, key, "This counts no more. Ask for a new code.");
  await closeCard(
    outside,
    who.installation.tenant,
    card,
    key,
    verb === "yes" ? 'You are linked. "help" tells what you may run.' : "You are not linked, and nobody is you.",
  );
}
