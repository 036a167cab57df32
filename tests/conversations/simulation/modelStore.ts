import type { Controller } from "../../../src/protocol/conversation.ts";
import type { MessageRow, WriteRow } from "./writeRows.ts";

/** Rules that the model can be told to break, to show that the simulation sees it. */
export interface Flaws {
  /** A write is taken whatever generation or agent it saw. */
  forgetsFences?: boolean;
  /** The same key again is a second message. */
  forgetsKeys?: boolean;
  /** Now and then a write counts from the `seq` before the last. */
  repeatsSeq?: boolean;
  /** Now and then a write is answered as committed, and isn't there. */
  losesCommits?: boolean;
  /** Turns whose holder died are never due. */
  forgetsDeadHolders?: boolean;
  /** A turn that was begun before looks like a fresh one. */
  forgetsAttempts?: boolean;
}

export interface ModelMessage {
  seq: number;
  key: string;
  author: string;
  authorId: string | null;
  text: string;
  command: string | null;
  at: number;
}

interface ModelControl {
  controller: Controller;
  generation: number;
  agent_id: string | null;
  agent_name: string | null;
  queued_at: number | null;
  open: boolean;
  team: string;
}

export interface ModelConversation extends ModelControl {
  id: string;
  last_seq: number;
  unread: number;
  messages: ModelMessage[];
  notes: { key: string; text: string }[];
}

export interface ModelTurn {
  conversation: string;
  seq: number;
  holder: string | null;
  leaseUntil: number;
  attempts: number;
  deadReason: string | null;
}

/** What one write did, for the invariants. */
export interface Commit {
  at: number;
  conversation: string;
  before: ModelControl;
  after: ModelControl;
  reason: string | null;
  by: string | null;
  messages: ModelMessage[];
  /** The message that wants an answer. */
  asked: number | null;
  /** What became of the answer that came with it. */
  early: "written" | "overtaken" | null;
  ended: number | null;
}

const leaseMs = 5000;

/**
 * The statements of `ledgerStore.ts` and `turnStore.ts` as functions over maps, each of them at one moment.
 * `model.test.ts` holds it against PostgreSQL.
 */
export class ModelStore {
  readonly conversations = new Map<string, ModelConversation>();
  turns: ModelTurn[] = [];
  readonly commits: Commit[] = [];
  readonly #now: () => number;
  readonly #flaws: Flaws;
  readonly #chance: () => number;

  constructor(now: () => number, flaws: Flaws = {}, chance: () => number = () => 1) {
    this.#now = now;
    this.#flaws = flaws;
    this.#chance = chance;
  }

  add(id: string): void {
    this.conversations.set(id, {
      id,
      controller: "bot",
      generation: 1,
      agent_id: null,
      agent_name: null,
      queued_at: null,
      open: true,
      team: "support",
      last_seq: 0,
      unread: 0,
      messages: [],
      notes: [],
    });
  }

  commitWrites(rows: readonly (WriteRow | (WriteRow & MessageRow))[], holder: string | null): object[] {
    const messages = rows.filter((row) => "key" in row);
    return rows
      .filter(({ i }) => i === 1)
      .flatMap((write) =>
        this.#commit(
          write,
          messages.filter((message) => message.write === write.write),
          holder,
        ),
      );
  }

  #commit(write: WriteRow, messages: readonly MessageRow[], holder: string | null): object[] {
    const conversation = this.conversations.get(write.conversation_id);
    if (conversation === undefined) return [];
    const known = conversation.messages.find(({ key }) => key === messages[0]?.key);
    if (known !== undefined && !this.#flaws.forgetsKeys)
      return [{ write: write.write, first_seq: known.seq, at: known.at, known: true, text: known.text }];
    if (!this.#stands(write, conversation)) return [];
    if (this.#flaws.losesCommits && this.#chance() < 0.02)
      return [this.#answer(write, { ...conversation, last_seq: conversation.last_seq + write.n }, false)];
    const before = controlOf(conversation);
    const answered = this.#answersEarly(write, conversation);
    if (this.#flaws.repeatsSeq && conversation.last_seq > 0 && this.#chance() < 0.02) conversation.last_seq--;
    this.#bump(write, conversation);
    const written = messages.map((message) => this.#toMessage(message, conversation.last_seq - write.n + message.i));
    const asked = write.turn_wanted === true && conversation.controller !== "agent" ? conversation.last_seq : null;
    if (answered) written.push(this.#earlyAnswer(write, ++conversation.last_seq));
    else if (asked !== null) this.#begin(conversation, holder);
    conversation.messages.push(...written);
    if (write.turn_ends !== undefined) this.turns = this.turns.filter((turn) => !isTurn(turn, conversation.id, write.turn_ends));
    this.commits.push({
      at: this.#now(),
      conversation: conversation.id,
      before,
      after: controlOf(conversation),
      reason: write.to_controller === undefined ? null : (write.reason ?? ""),
      by: write.by_id ?? null,
      messages: written,
      asked,
      early: write.answer_generation === undefined ? null : answered ? "written" : "overtaken",
      ended: write.turn_ends ?? null,
    });
    return [this.#answer(write, conversation, answered)];
  }

  #answersEarly(write: WriteRow, conversation: ModelConversation): boolean {
    return (
      write.answer_generation !== undefined && (conversation.generation === write.answer_generation || this.#flaws.forgetsFences === true)
    );
  }

  #earlyAnswer({ answer_text = "", answer_command }: WriteRow, seq: number): ModelMessage {
    const key = `t:${seq - 1}:0`;
    return { seq, key, author: "bot", authorId: null, text: answer_text, command: answer_command ?? null, at: this.#now() };
  }

  #stands(write: WriteRow, conversation: ModelConversation): boolean {
    const fenced =
      (write.need_generation === undefined || conversation.generation === write.need_generation) &&
      (write.need_agent === undefined || conversation.agent_id === write.need_agent);
    const held =
      write.turn_ends === undefined ||
      this.turns.some((turn) => isTurn(turn, conversation.id, write.turn_ends) && turn.holder === write.turn_holder);
    return (fenced || this.#flaws.forgetsFences === true) && held;
  }

  #bump(write: WriteRow, conversation: ModelConversation): void {
    conversation.last_seq += write.n;
    conversation.unread = write.last_author === "agent" ? 0 : conversation.unread + write.from_visitor;
    conversation.open = write.to_open ?? (conversation.open || write.from_visitor > 0);
    if (write.to_controller === undefined) return;
    conversation.controller = write.to_controller;
    conversation.generation++;
    conversation.agent_id = write.to_agent ?? null;
    conversation.agent_name = write.to_agent_name ?? null;
    conversation.queued_at = write.to_controller === "queue" ? (conversation.queued_at ?? this.#now()) : null;
  }

  #toMessage(message: MessageRow, seq: number): ModelMessage {
    const { key, author_kind, author_id, text, command } = message;
    return { seq, key, author: author_kind, authorId: author_id ?? null, text, command: command ?? null, at: this.#now() };
  }

  #begin(conversation: ModelConversation, holder: string | null): void {
    const leaseUntil = this.#now() + (holder === null ? 0 : leaseMs);
    this.turns.push({ conversation: conversation.id, seq: conversation.last_seq, holder, leaseUntil, attempts: 0, deadReason: null });
  }

  #answer(write: WriteRow, conversation: ModelConversation, answered: boolean): object {
    return {
      ...controlOf(conversation),
      write: write.write,
      first_seq: conversation.last_seq - (answered ? 1 : 0) - write.n + 1,
      at: this.#now(),
      unread: conversation.unread,
      turn_due: write.turn_wanted === true && conversation.controller !== "agent" && !answered,
      answered,
      known: false,
      text: null,
    };
  }

  takeDueTurns(holder: string, limit: number): object[] {
    const due = this.turns
      .filter((turn) => turn.leaseUntil < this.#now() && turn.deadReason === null)
      .filter((turn) => !this.#flaws.forgetsDeadHolders || turn.holder === null)
      .sort((a, b) => a.leaseUntil - b.leaseUntil)
      .slice(0, limit);
    for (const turn of due) {
      if (turn.holder !== null && turn.holder !== holder && !this.#flaws.forgetsAttempts) turn.attempts++;
      turn.holder = holder;
      turn.leaseUntil = this.#now() + leaseMs;
    }
    return due
      .sort((a, b) => (a.conversation === b.conversation ? a.seq - b.seq : a.conversation < b.conversation ? -1 : 1))
      .map((turn) => {
        const conversation = this.conversations.get(turn.conversation);
        return {
          tenant_id: "t",
          conversation_id: turn.conversation,
          seq: turn.seq,
          attempts: turn.attempts,
          text: conversation?.messages.find(({ seq }) => seq === turn.seq)?.text ?? "",
          blocks: null,
          inbox_id: "i",
          contact_id: "k",
          ...(conversation === undefined ? {} : controlOf(conversation)),
        };
      });
  }

  renewTurns(holder: string, mine: readonly { conversation_id: string; seq: number }[]): object[] {
    const kept = this.turns.filter((turn) => turn.holder === holder && mine.some((one) => isTurn(turn, one.conversation_id, one.seq)));
    for (const turn of kept) turn.leaseUntil = this.#now() + leaseMs;
    return kept.map(({ conversation, seq }) => ({ conversation_id: conversation, seq }));
  }

  failTurn(conversation: string, seq: number, holder: string): object[] {
    const turn = this.turns.find((one) => isTurn(one, conversation, seq) && one.holder === holder);
    if (turn !== undefined) Object.assign(turn, { attempts: turn.attempts + 1, holder: null, leaseUntil: this.#now() + leaseMs });
    return [];
  }

  acquitTurn(conversation: string, seq: number, holder: string): object[] {
    const turn = this.turns.find((one) => isTurn(one, conversation, seq) && one.holder !== holder);
    if (turn !== undefined && turn.attempts > 0 && turn.deadReason === null) turn.attempts--;
    return [];
  }

  buryTurn(conversation: string, seq: number, holder: string, reason: string): object[] {
    const turn = this.turns.find((one) => isTurn(one, conversation, seq) && one.holder === holder);
    if (turn !== undefined) Object.assign(turn, { deadReason: reason, holder: null });
    return [];
  }

  findControl(id: string): object[] {
    const conversation = this.conversations.get(id);
    return conversation === undefined
      ? []
      : [{ ...controlOf(conversation), offered_to: null, offered_name: null, offered_until: null, offer_kind: null }];
  }

  insertNote(id: string, note: { id: string; key: string; text: string }): object[] {
    const conversation = this.conversations.get(id);
    if (conversation === undefined) return [];
    if (!conversation.notes.some(({ key }) => key === note.key)) conversation.notes.push({ key: note.key, text: note.text });
    return [
      { id: note.id, after_seq: conversation.last_seq, key: note.key, author_id: null, author_name: "", text: note.text, at: this.#now() },
    ];
  }
}

function isTurn(turn: ModelTurn, conversation: string, seq: number | undefined): boolean {
  return turn.conversation === conversation && turn.seq === seq;
}

function controlOf({ controller, generation, agent_id, agent_name, queued_at, open, team }: ModelControl): ModelControl {
  return { controller, generation, agent_id, agent_name, queued_at, open, team };
}
