import { validate as isId } from "uuid";
import { undoSendSubject } from "../../access/accounts/undoSend.ts";
import { wholeBlueprints } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { readingReach, requireConversation } from "../../access/roles/reachStore.ts";
import type { Commands } from "../../commands/registry.ts";
import { staffCommandIn } from "../../commands/staffLine.ts";
import { publishConversationEvent } from "../../conversations/events.ts";
import { receiveAgentMessage } from "../../conversations/ledger/receiveMessage.ts";
import { markReadByAgent } from "../../conversations/marks/readMarks.ts";
import { findAnswering } from "../../conversations/merge/mergeStore.ts";
import { addNote } from "../../conversations/notes/notes.ts";
import type { DeskFrame, DeskWelcome } from "../../protocol/desk.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { deskFrame } from "../../protocol/socketSchemas.ts";
import { spoken } from "../../protocol/version.ts";
import { closeCodes } from "../../protocol/visitor.ts";
import { agentSubject, isNotice } from "../../routing/offers.ts";
import { presenceSubject } from "../../routing/presence.ts";
import { BadFrame, parseFrame } from "../frames.ts";
import type { Gateway } from "../gateway.ts";
import { asUnavailable, createInOrder, type Unavailable } from "../inOrder.ts";
import type { Peer } from "../peer.ts";
import { isNewer, refuseVersion } from "../refuseVersion.ts";
import type { Look } from "./lookers.ts";
import type { Watcher } from "./topic.ts";

/** Topics that one socket may watch at once: many more than a person can look at. */
const mostTopics = 100;

/** What a person did, and not the page by itself. */
const input: ReadonlySet<DeskFrame["type"]> = new Set(["message", "note", "typing", "look"]);

/** One agent's socket. It carries no authority of its own: each frame is done with the rights of its moment. */
export class DeskSocket implements Watcher {
  readonly #gateway: Gateway;
  readonly #peer: Peer;
  readonly #welcomed: () => void;
  #greeting: Promise<void> | undefined;
  #principal: AccountPrincipal | undefined;
  #declared: unknown;
  readonly #watches = new Map<string, Promise<() => void>>();
  readonly #endings: (() => void)[] = [];
  readonly #inOrder = createInOrder();
  #look: Look | undefined;
  /** Whether the page is newer than this process. */
  #newer = false;

  /** `welcomed` is called once, when it is known who this is. */
  constructor(gateway: Gateway, peer: Peer, welcomed: () => void) {
    this.#gateway = gateway;
    this.#peer = peer;
    this.#welcomed = welcomed;
  }

  get open(): boolean {
    return this.#peer.open;
  }

  /** Whether a hello came, be it answered yet or not. */
  get greeted(): boolean {
    return this.#greeting !== undefined;
  }

  receive(text: string): void {
    let frame: DeskFrame;
    try {
      frame = parseFrame(text, deskFrame);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    if (frame.type === "ping") this.#pong();
    else if (frame.type === "hello") this.#greeting ??= this.#begin(frame).catch((error) => this.#failHello(error));
    else if (this.#greeting === undefined) this.#peer.close(closeCodes.unauthenticated, "say hello first");
    else void this.#inOrder("files" in frame || frame.type === "typing", (before) => this.#act(frame, before));
  }

  end(): void {
    for (const end of this.#endings.splice(0)) end();
    for (const watch of this.#watches.values()) watch.then((stop) => stop()).catch(() => {});
    this.#watches.clear();
  }

  send(frame: string | Buffer): void {
    this.#peer.send(frame);
  }

  room(): Promise<void> {
    return this.#peer.room();
  }

  #refuse(error: unknown): void {
    if (error instanceof BadFrame && (error.type === "typing" || error.type === "read")) return;
    if (this.#greeting === undefined) this.#peer.close(closeCodes.unauthenticated, "the first frame must be a hello");
    else if (error instanceof BadFrame && error.clientId !== undefined) this.#peer.sendError(error, error.clientId);
    else this.#peer.refuseFrame(error, this.#newer);
  }

  async #begin({ ticket, ...page }: Extract<DeskFrame, { type: "hello" }>): Promise<void> {
    refuseVersion(page);
    this.#newer = isNewer(page);
    const principal = await this.#gateway.access.redeem(ticket);
    if (!this.open) return;
    const { tenant, account } = principal;
    this.#endings.push(
      this.#gateway.access.watch(principal, (now) => this.#rightsChanged(now)),
      this.#gateway.bus.subscribe(presenceSubject(tenant), ({ data }) => {
        if (typeof data === "object" && data !== null && "declared" in data && "account" in data && data.account === account) {
          this.#declared = data.declared;
          this.#peer.sendFrame({ type: "presence", presence: data.declared });
        }
      }),
      this.#gateway.bus.subscribe(agentSubject(tenant, account), ({ data }) => {
        if (isNotice(data)) this.#peer.sendFrame({ type: "notice", conversation: data.conversation, text: data.text });
      }),
      this.#gateway.bus.subscribe(undoSendSubject(tenant, account), ({ data }) => {
        if (typeof data === "object" && data !== null && "on" in data) this.#peer.sendFrame({ type: "undoSend", on: data.on === true });
      }),
      () => this.#gateway.deskPresence.left(tenant, account),
    );
    await this.#gateway.deskPresence.joined(tenant, account);
    this.#look = this.#gateway.lookers.look(tenant, { id: account, name: principal.name });
    this.#endings.push(this.#look.end);
    const welcome: DeskWelcome = { type: "welcome", version: spoken.newest, ...(await this.#gateway.access.welcome(principal)) };
    this.#principal = principal;
    this.#declared = welcome.presence;
    this.#welcomed();
    this.#peer.sendFrame(welcome);
  }

  /** Whoever is online and connected is at work, also while nobody writes to them. */
  #pong(): void {
    this.#peer.sendFrame({ type: "pong" });
    if (this.#principal !== undefined && this.#declared === "online") this.#gateway.access.active(this.#principal);
  }

  #failHello(error: unknown): void {
    this.#gateway.failed(error, "desk hello failed");
    this.#peer.sendError(error);
    if (error instanceof Refusal && error.code === "unauthenticated") this.#peer.close(closeCodes.unauthenticated, "sign in again");
    else this.#peer.close(closeCodes.tryLater, "try again later");
  }

  #rightsChanged(now: AccountPrincipal | undefined): void {
    if (now === undefined || !now.permissions.has("conversations.read")) {
      this.end();
      this.#peer.close(closeCodes.unauthenticated, "your session has ended or your rights have changed");
    } else if (this.#principal !== undefined && seenBy(now) !== seenBy(this.#principal)) {
      // What they watch was begun with what they could see before: the page comes back and asks anew.
      this.end();
      this.#peer.close(closeCodes.tryLater, "what you may see has changed");
    } else {
      this.#principal = now;
    }
  }

  async #act(frame: Exclude<DeskFrame, { type: "hello" | "ping" }>, before: Unavailable): Promise<Unavailable> {
    const ref = "clientId" in frame ? frame.clientId : frame.type === "watch" ? frame.topic : undefined;
    try {
      await this.#greeting;
      if (this.#principal === undefined || !this.open) return undefined;
      if (before !== undefined) throw before;
      const principal = await this.#gateway.access.now(this.#principal);
      if (input.has(frame.type)) this.#gateway.access.active(principal);
      await this.#do(frame, principal);
      return undefined;
    } catch (error) {
      this.#gateway.failed(error, "desk frame failed");
      if (frame.type !== "typing" && frame.type !== "read" && frame.type !== "look") this.#peer.sendError(error, ref);
      return asUnavailable(error);
    }
  }

  async #do(frame: Exclude<DeskFrame, { type: "hello" | "ping" }>, principal: AccountPrincipal): Promise<void> {
    // An id is opaque to whoever sends it: one that we never made names nothing.
    if ("conversation" in frame && frame.conversation !== null) {
      if (!isId(frame.conversation)) throw new Refusal("not_found", "There is no such conversation.");
      const permission = frame.type === "message" || frame.type === "note" ? "conversations.answer" : "conversations.read";
      if (frame.type === "message" || frame.type === "note") mayAnswer(principal);
      await requireConversation(this.#gateway.database.forTenant(principal.tenant), principal, permission, frame.conversation);
    }
    switch (frame.type) {
      case "watch":
        return await this.#watch(frame.topic, frame.cursor, principal);
      case "unwatch":
        return await this.#unwatch(frame.topic);
      case "message": {
        this.#look?.writing(frame.conversation, false);
        refuseCommand(this.#gateway.registry.of(principal.tenant), frame.text);
        const { seq, at } = await receiveAgentMessage(this.#gateway, principal, frame.conversation, frame);
        return this.#peer.sendFrame({ type: "ack", conversation: frame.conversation, clientId: frame.clientId, seq, at });
      }
      case "note": {
        const { afterSeq, at } = await addNote(this.#gateway, principal, frame.conversation, frame);
        return this.#peer.sendFrame({ type: "ack", conversation: frame.conversation, clientId: frame.clientId, afterSeq, at });
      }
      case "typing":
        return await this.#typing(frame, principal);
      case "look":
        this.#look?.at(frame.conversation);
        return;
      case "read":
        return await markReadByAgent(this.#gateway, principal, frame.conversation, frame.seq);
    }
  }

  async #watch(topic: string, cursor: string | undefined, principal: AccountPrincipal): Promise<void> {
    await this.#unwatch(topic);
    if (this.#watches.size >= mostTopics)
      throw new Refusal("rate_limited", `${mostTopics} topics at once is the limit; unwatch some.`, { path: "topic" });
    const watch = this.#gateway.topics.watch(principal, topic, this, cursor);
    this.#watches.set(topic, watch);
    try {
      const stop = await watch;
      if (!this.open) stop();
    } catch (error) {
      this.#watches.delete(topic);
      throw error;
    }
  }

  async #unwatch(topic: string): Promise<void> {
    const watch = this.#watches.get(topic);
    this.#watches.delete(topic);
    await watch?.then(
      (stop) => stop(),
      () => {},
    );
  }

  /** Only whoever answers is seen typing by the visitor: the bot, the queue and colleagues who look are silent. */
  async #typing(frame: { conversation: string; on: boolean }, principal: AccountPrincipal): Promise<void> {
    const who = `${principal.account}.${frame.conversation}`;
    const tellLater = (on: boolean): Promise<undefined> =>
      this.#tellTyping({ ...frame, on }, principal).then(
        () => undefined,
        (error: unknown) => void this.#gateway.failed(error, "typing not told"),
      );
    const later = (on: boolean) => void this.#inOrder(true, () => tellLater(on));
    if (this.#gateway.limits.typing(who, frame.on, later)) await this.#tellTyping(frame, principal);
  }

  async #tellTyping(frame: { conversation: string; on: boolean }, principal: AccountPrincipal): Promise<void> {
    this.#look?.writing(frame.conversation, frame.on);
    const control = await findAnswering(this.#gateway.database.forTenant(principal.tenant), frame.conversation);
    if (control?.agent?.id !== principal.account) return;
    publishConversationEvent(this.#gateway, principal.tenant, {
      kind: "typing",
      conversation: frame.conversation,
      author: { kind: "agent", name: principal.name },
      authorId: principal.account,
      on: frame.on,
    });
  }
}

/** What decides over topics. */
function seenBy(principal: AccountPrincipal): string {
  return JSON.stringify([readingReach(principal), seenEntities(principal)]);
}

/** The same for whoever sees the same: however often they hold it. */
function seenEntities(principal: AccountPrincipal): unknown {
  if (wholeBlueprints(principal) === "all") return "all";
  const held = principal.grants.filter(({ permission }) => permission === "entities.read");
  const teams = held.some(({ records }) => records === "team") ? principal.teams : [];
  return [[...new Set(held.map((grant) => JSON.stringify(grant)))].sort(), teams];
}

function mayAnswer(principal: AccountPrincipal): void {
  if (!principal.permissions.has("conversations.answer"))
    throw new Refusal("forbidden", "You may not answer conversations; an admin can change that.");
}

/** What was meant for us is not sent to a customer (bad-input.md 4.4). Refusal `invalid_value` (`text`). */
function refuseCommand(commands: Pick<Commands, "find">, text: string): void {
  const command = staffCommandIn(commands, text);
  if (command === undefined) return;
  throw new Refusal("invalid_value", `"${command}" is a command, so it was not sent to the customer; run it in the command bar.`, {
    path: "text",
  });
}
