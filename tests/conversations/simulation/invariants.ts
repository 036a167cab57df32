import type { Commit, ModelConversation, ModelMessage } from "./modelStore.ts";
import type { Told } from "./people.ts";
import type { World } from "./world.ts";

/** What must hold when a world has come to rest (faults.md, I1 to I5, I8, I9); each broken one as a sentence. */
export function brokenInvariants(world: World, told: Told): string[] {
  const conversations = [...world.store.conversations.values()];
  return [
    ...world.troubles,
    ...conversations.flatMap(seqBroken),
    ...told.acked.flatMap((ack) =>
      stands(world, ack.conversation, ack.seq, ack.text) ? [] : [`${ack.clientId} was acked as ${ack.seq} and isn't there`],
    ),
    ...told.agentAcked.flatMap((ack) =>
      stands(world, ack.conversation, ack.seq, ack.text) ? [] : [`an agent's message was acked as ${ack.seq} and isn't there`],
    ),
    ...world.store.commits.flatMap(spokenOver),
    ...world.store.commits.flatMap(takenFromAnother),
    ...told.theirs.flatMap((claim) => (claim.holder === claim.agent ? [] : [`${claim.agent} was told to have what ${claim.holder} has`])),
    ...[...world.outside.effects].flatMap(([run, count]) => (count === 1 ? [] : [`${run} had its effect ${count} times`])),
    ...conversations.flatMap((conversation) => answersBroken(world, conversation)),
    ...world.store.turns.flatMap((turn) => (turn.deadReason === null ? [`turn ${turn.conversation}.${turn.seq} is still there`] : [])),
  ];
}

function seqBroken({ id, messages, last_seq }: ModelConversation): string[] {
  const seqs = messages.map(({ seq }) => seq);
  const keys = messages.map(({ key }) => key);
  return [
    ...(seqs.every((seq, index) => seq === index + 1) && seqs.length === last_seq
      ? []
      : [`${id}: the order is ${seqs.join()}, the newest ${last_seq}`]),
    ...(new Set(keys).size === keys.length ? [] : [`${id}: a key is there twice`]),
  ];
}

function stands(world: World, conversation: string, seq: number, text: string): boolean {
  return world.store.conversations.get(conversation)?.messages.some((message) => message.seq === seq && message.text === text) === true;
}

/** The bot is silent while a person answers, and a person writes only where they do. */
function spokenOver({ conversation, before, after, messages }: Commit): string[] {
  return messages.flatMap(({ author, authorId, seq }) => [
    ...(author === "bot" && (before.controller === "agent" || after.controller === "agent")
      ? [`${conversation}.${seq}: the bot speaks over a person`]
      : []),
    ...(author === "agent" && before.agent_id !== authorId
      ? [`${conversation}.${seq}: ${authorId} writes where ${before.agent_id} answers`]
      : []),
  ]);
}

/** A conversation goes from one agent to another only by the first: done by them, or offered by them and accepted. */
function takenFromAnother({ conversation, before, after, by, reason }: Commit): string[] {
  if (reason === null || before.agent_id === null || before.agent_id === by) return [];
  if (reason === `transferred by ${before.agent_name}`) return [];
  return [`${conversation}: ${by} ${reason} what ${before.agent_id} had, now ${after.agent_id}`];
}

function answersBroken(world: World, conversation: ModelConversation): string[] {
  return world.store.commits
    .filter((commit) => commit.conversation === conversation.id && commit.asked !== null)
    .flatMap((commit) => answerBroken(world, conversation, commit));
}

/** A message that wanted an answer has exactly one, or a person has it. */
function answerBroken(world: World, conversation: ModelConversation, asked: Commit): string[] {
  const seq = asked.asked ?? 0;
  const what = `${conversation.id}.${seq} (${asked.messages[0]?.text})`;
  const answers = conversation.messages.filter(({ key }) => key.startsWith(`t:${seq}:`) && key !== `t:${seq}:working`);
  if (answers.length > 1) return [`${what} was answered ${answers.length} times`];
  const effects = world.outside.effects.get(`${conversation.id}:${seq}`) ?? 0;
  if (answers[0]?.text === "charged" && effects !== 1) return [`${what} was said to be done, and isn't`];
  if (answers.length === 1 || ownChange(conversation, seq) !== undefined) return [];
  if (conversation.notes.some(({ key }) => key.startsWith(`t:${seq}:`))) return [];
  return personHadIt(world, conversation.id, asked) ? [] : [`${what} was never answered`];
}

/** `person` and `leave` answer by the change itself. */
function ownChange(conversation: ModelConversation, seq: number): ModelMessage | undefined {
  return conversation.messages.find(({ key }) => key === `r:${conversation.id}:${seq}`);
}

function personHadIt(world: World, conversation: string, asked: Commit): boolean {
  const later = world.store.commits.filter(
    (commit) => commit.conversation === conversation && world.store.commits.indexOf(commit) >= world.store.commits.indexOf(asked),
  );
  const end = later.findIndex(({ ended }) => ended === asked.asked);
  return later.slice(0, end < 0 ? undefined : end + 1).some(({ after }) => after.controller !== "bot");
}
