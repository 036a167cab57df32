import { resumeVisit } from "../../conversations/contacts/visitors.ts";
import type { Control } from "../../conversations/conversation.ts";
import type { ConversationEvent, StoredMessage } from "../../conversations/events.ts";
import { type InboundMessage, type Received, receiveVisitorMessage } from "../../conversations/ledger/receiveMessage.ts";
import { markReadByVisitor } from "../../conversations/marks/readMarks.ts";
import { offeredAction } from "../../conversations/turns/offeredAction.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { visitorFrame } from "../../protocol/socketSchemas.ts";
import { spoken } from "../../protocol/version.ts";
import { closeCodes, type VisitorFrame, type VisitorHello, type VisitorWelcome } from "../../protocol/visitor.ts";
import { chatClosed } from "../closedTenants.ts";
import { BadFrame, parseFrame } from "../frames.ts";
import type { Gateway } from "../gateway.ts";
import { asUnavailable, createInOrder, type Work } from "../inOrder.ts";
import type { Peer } from "../peer.ts";
import { isNewer, refuseVersion } from "../refuseVersion.ts";
import { toldToVisitor } from "../toldTo.ts";
import type { Place, Viewer } from "../viewers.ts";
import { showAgentMarks } from "./agentMarks.ts";
import { isFirst, keepAnswers, requireAnswers } from "./firstMessage.ts";
import { knowsAnother } from "./knowsAnother.ts";
import { ShownState } from "./shownState.ts";
import { answerAsk, endedByThem, isAsk } from "./visitorAsks.ts";
import { findVisit, visitorOf, wantedLanguages } from "./visitorHello.ts";
import type { VisitorSession } from "./visitorState.ts";
import { tellTyping } from "./visitorTyping.ts";

/** One visitor's socket, from its first `hello` to its end. */
export class VisitorSocket implements Viewer {
  readonly #gateway: Gateway;
  readonly #peer: Peer;
  readonly #origin: string;
  readonly #browser: string;
  readonly #welcomed: () => void;
  #greeting: Promise<void> | undefined;
  #session: (VisitorSession & { place: Place; state: ShownState }) | undefined;
  /** Sent by this socket and not yet acked. */
  readonly #awaiting = new Set<string>();
  #control: Control | undefined;
  readonly #inOrder = createInOrder();
  /** What the visitor reads, the best first. */
  #languages: readonly string[] = [];
  /** Whether the page is newer than this process. */
  #newer = false;

  /** `welcomed` is called once, when it is known who this is. */
  constructor(gateway: Gateway, peer: Peer, { origin, browser }: { origin: string; browser: string }, welcomed: () => void) {
    this.#gateway = gateway;
    this.#peer = peer;
    this.#origin = origin;
    this.#browser = browser;
    this.#welcomed = welcomed;
  }

  get open(): boolean {
    return this.#peer.open;
  }

  /** Whether a hello came, be it answered yet or not. */
  get greeted(): boolean {
    return this.#greeting !== undefined;
  }

  /** Whose visitor this is, once it is known. */
  get tenant(): string | undefined {
    return this.#session?.visitor.tenant;
  }

  /** The tenant was closed. */
  dismiss(): void {
    this.#peer.sendError(chatClosed(this.#languages));
    this.#peer.close(closeCodes.tryLater, "the tenant is closed");
  }

  receive(text: string): void {
    let frame: VisitorFrame;
    try {
      frame = parseFrame(text, visitorFrame);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    if (frame.type === "ping") this.#peer.sendFrame({ type: "pong" });
    else if (frame.type === "hello") this.#hello(frame);
    else if (!this.greeted) this.#peer.close(closeCodes.unauthenticated, "say hello first");
    else this.#act(frame).catch((error: unknown) => this.#gateway.failed(error, "visitor frame failed"));
  }

  /** What the socket held is let go; what was committed stays. */
  end(): void {
    const session = this.#session;
    if (session === undefined) return;
    session.place.leave();
    session.state.end();
    this.#gateway.visitors.left(session.visitor);
  }

  #refuse(error: unknown): void {
    // A bad `typing` or `read` is dropped: nobody waits for an answer to it.
    if (error instanceof BadFrame && (error.type === "typing" || error.type === "read")) return;
    if (error instanceof BadFrame && (error.type === "message" || isAsk(error.type ?? "")) && error.clientId !== undefined)
      this.#peer.sendError(error, error.clientId);
    else if (!this.greeted) this.#peer.close(closeCodes.unauthenticated, "the first frame must be a hello");
    else this.#peer.refuseFrame(error, this.#newer);
  }

  #hello(frame: VisitorHello): void {
    this.#newer = isNewer(frame);
    this.#languages = wantedLanguages(frame);
    this.#greeting = (this.#greeting ?? Promise.resolve())
      .then(() => (this.#session === undefined ? this.#begin(frame) : this.#again(frame)))
      .catch((error) => this.#failHello(error));
  }

  async #begin(frame: VisitorHello): Promise<void> {
    refuseVersion(frame);
    const inbox = await this.#gateway.inboxes.byKey(frame.inbox);
    if (inbox === undefined ? await this.#gateway.inboxes.isClosed(frame.inbox) : this.#gateway.closedTenants.has(inbox.tenant))
      throw chatClosed(this.#languages);
    if (inbox === undefined || !inbox.origins.includes(this.#origin))
      throw new Refusal("unauthenticated", "This page may not open this chat.");
    const visit = await this.#gateway.greetings(async () =>
      this.open ? await findVisit(this.#gateway, inbox, frame, { address: this.#peer.address, browser: this.#browser }) : undefined,
    );
    if (visit === undefined || !this.open) return;
    const visitor = visitorOf(inbox, visit);
    this.#gateway.visitors.joined(visitor);
    const place = this.#gateway.viewers.join({ tenant: inbox.tenant, id: visit.conversation }, this);
    const session = { visitor, inbox, visit };
    const state = new ShownState(this.#gateway, session, {
      now: () => ({ control: this.#control, languages: this.#languages, open: this.open }),
      show: (told) => this.#peer.sendFrame({ type: "state", ...told }),
    });
    this.#session = Object.assign(session, { place, state });
    this.#welcomed();
    // What was filled in may lead to another team: it is read again.
    if (frame.prechat === undefined && frame.team === undefined) await this.#welcome(frame, visit.lastSeq, visit.control);
    else await this.#again(frame);
  }

  /** A hello on a socket that was welcomed asks for what is missing, perhaps in another language. */
  async #again(frame: VisitorHello): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    await keepAnswers(this.#gateway, this.#peer, session, frame, this.#languages);
    const now = await resumeVisit(this.#gateway, session.inbox, session.visit.token, {
      locale: frame.locale,
      identified: session.visit.identified,
    });
    if (now.locale !== null) session.visitor = { ...session.visitor, locale: now.locale };
    await this.#welcome(frame, now.lastSeq, now.control);
  }

  async #welcome(frame: VisitorHello, newest: number, control: Control): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const { tenant, conversation: id } = session.visitor;
    const resync = await knowsAnother(this.#gateway, { tenant, id }, newest, frame);
    this.#control = control;
    const [state, texts] = await Promise.all([session.state.read(control, this.#languages), this.#gateway.inboxTexts(session.inbox)]);
    const greeting = texts.text("greeting", this.#languages);
    const welcome: VisitorWelcome = {
      type: "welcome",
      token: session.visit.token,
      conversation: session.visit.conversation,
      seq: newest,
      state,
      ...(greeting === undefined ? {} : { greeting: { text: greeting.text } }),
      ...(session.visit.answered ? { answered: true } : {}),
      version: spoken.newest,
      ...(resync ? { resync: true } : {}),
    };
    session.state.isNews(state);
    this.#peer.sendFrame(welcome);
    const after = resync ? 0 : (frame.after ?? 0);
    await session.place.resume(after, resync ? undefined : frame.afterAt);
    // Whom only the assistant answered, nobody has read.
    if (control.generation > 1) await showAgentMarks(this.#gateway, this.#peer, session.visitor, after);
  }

  #failHello(error: unknown): void {
    if (error instanceof Refusal && (error.code === "unauthenticated" || error.path === "identity")) {
      this.#peer.sendError(error);
      this.#peer.close(closeCodes.unauthenticated, "begin anew without the token");
      return;
    }
    // Not 4401: the token is good, and a page that forgot it would lose its conversation.
    this.#gateway.failed(error, "hello failed");
    this.#peer.sendError(error);
    this.#peer.close(closeCodes.tryLater, "try again later");
  }

  async #act(frame: Exclude<VisitorFrame, { type: "hello" | "ping" }>): Promise<void> {
    await this.#greeting;
    const session = this.#session;
    if (session === undefined || !this.open) return;
    switch (frame.type) {
      case "message":
        return await this.#inOrder(
          frame.files !== undefined || isFirst(session),
          this.#send(frame.clientId, async () => frame),
        );
      case "action":
        return await this.#inOrder(
          isFirst(session),
          this.#send(frame.clientId, () => offeredAction(this.#gateway, session.visitor, frame)),
        );
      case "typing":
        return tellTyping(this.#gateway, session, frame.on);
      case "end":
        // What is written after it opens the conversation again, and must not be ended by it.
        return await this.#inOrder(true, endedByThem(this.#gateway, this.#peer, session.visitor));
      case "rate":
      case "transcript":
      case "merged":
        return void (await answerAsk(this.#gateway, this.#peer, session.visitor, frame));
      case "contact":
        if (!(await answerAsk(this.#gateway, this.#peer, session.visitor, frame))) return;
        session.visit.mailKnown = true;
        return await session.state.tell();
      case "read":
        if (frame.seq > session.place.seen) return;
        return await markReadByVisitor(this.#gateway, session.visitor, session.visit.contactName, frame.seq).catch((error) =>
          this.#gateway.failed(error, "read mark not kept"),
        );
    }
  }

  #send(clientId: string, what: () => Promise<Omit<InboundMessage, "clientId">>): Work {
    return async (before) => {
      const session = this.#session;
      if (session === undefined) return undefined;
      this.#awaiting.add(clientId);
      try {
        if (before !== undefined) throw before;
        await this.#gateway.limits.message(session.visitor.contact);
        if (isFirst(session)) await requireAnswers(this.#gateway, session, this.#languages);
        const { text, blocks, files } = await what();
        const inbound = { clientId, text, ...(blocks === undefined ? {} : { blocks }), ...(files === undefined ? {} : { files }) };
        const received = await receiveVisitorMessage(this.#gateway, session.visitor, session.visit.contactName, inbound, (question) =>
          this.#control === undefined ? undefined : this.#gateway.askEarly(session.visitor, this.#control, question),
        );
        if (this.#awaiting.delete(clientId)) {
          session.place.own(received.seq, received.at);
          this.#ack(clientId, received);
        }
        if (received.fresh?.turnDue === true) this.#gateway.turnDue(session.visitor, received, received.fresh.control);
        return undefined;
      } catch (error) {
        this.#awaiting.delete(clientId);
        this.#gateway.failed(error, "message not saved");
        this.#peer.sendError(error, clientId);
        return asUnavailable(error);
      }
    };
  }

  #ack(clientId: string, { seq, at }: Pick<Received, "seq" | "at">): void {
    this.#peer.sendFrame({ type: "ack", clientId, seq, at });
  }

  show(message: StoredMessage): void {
    const own = message.author.kind === "visitor";
    if (own && message.clientId !== undefined && this.#awaiting.delete(message.clientId)) {
      this.#ack(message.clientId, message);
      return;
    }
    const { seq, author, at, command, changedAt, deleted, reactions } = message;
    const visitor = this.#session?.visitor;
    if (author.kind === "agent" && visitor !== undefined)
      this.#gateway.shownMarks.shown({ tenant: visitor.tenant, id: visitor.conversation }, "visitor", seq);
    const { text, blocks } = toldToVisitor(message, visitor?.locale);
    const shown = this.#gateway.fileAddresses.sign(visitor?.tenant ?? "", blocks);
    // Which account wrote it, the page doesn't learn; nor the name that an agent's page gave it.
    const clientId = own ? message.clientId : undefined;
    const became = { changedAt, deleted, reactions };
    this.#peer.sendFrame({ type: "message", seq, clientId, author, text, blocks: shown, at, command, ...became });
  }

  control(control: Control): void {
    if (this.#control?.generation === control.generation && this.#control.open === control.open) return;
    this.#control = control;
    void this.#session?.state.tell();
  }

  hear(event: ConversationEvent): void {
    if (event.kind === "erased") this.#failHello(new Refusal("unauthenticated", "This chat was deleted; a new one begins."));
    if (event.kind === "typing" && event.author.kind !== "visitor")
      this.#peer.sendFrame({ type: "typing", on: event.on, author: event.author });
    if (event.kind === "shown" && event.agentSeq > 0) this.#peer.sendFrame({ type: "delivered", seq: event.agentSeq });
    if (event.kind === "rated") void this.#session?.state.tell();
    if (event.kind === "read" && event.author.kind !== "visitor")
      this.#peer.sendFrame({ type: "read", seq: event.seq, author: event.author });
  }

  room(): Promise<void> {
    return this.#peer.room();
  }
}
