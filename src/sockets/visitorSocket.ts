import type { VisitorPrincipal } from "../access/principal.ts";
import { changeControl, endedByVisitor } from "../conversations/changeControl.ts";
import type { Control } from "../conversations/conversation.ts";
import { type ConversationEvent, publishConversationEvent, type StoredMessage } from "../conversations/events.ts";
import { openIdentifiedVisit } from "../conversations/identifiedVisits.ts";
import type { Inbox } from "../conversations/inboxes.ts";
import { leaveMail } from "../conversations/leaveMail.ts";
import { offeredAction } from "../conversations/offeredAction.ts";
import { rateConversation } from "../conversations/rateConversation.ts";
import { markReadByVisitor } from "../conversations/readMarks.ts";
import { type InboundMessage, type Received, receiveVisitorMessage } from "../conversations/receiveMessage.ts";
import { findAgentMarks } from "../conversations/shownStore.ts";
import { beginNextVisit, beginVisit, resumeVisit, type Visit } from "../conversations/visitors.ts";
import type { ConversationState } from "../protocol/conversation.ts";
import { pickLanguage } from "../protocol/languages.ts";
import { Refusal } from "../protocol/refusal.ts";
import { visitorFrame } from "../protocol/socketSchemas.ts";
import { spoken } from "../protocol/version.ts";
import { type Ack, closeCodes, type VisitorFrame, type VisitorHello, type VisitorWelcome } from "../protocol/visitor.ts";
import { isFirst, keepAnswers, requireAnswers } from "./firstMessage.ts";
import { BadFrame, parseFrame } from "./frames.ts";
import type { Gateway } from "./gateway.ts";
import { createInOrder } from "./inOrder.ts";
import { knowsAnother } from "./knowsAnother.ts";
import type { Peer } from "./peer.ts";
import type { QueueWatch } from "./queuePlaces.ts";
import { isNewer, refuseVersion } from "./refuseVersion.ts";
import type { Place, Viewer } from "./viewers.ts";
import { VisitorLead } from "./visitorLead.ts";
import { stateOf, type VisitorSession } from "./visitorState.ts";

/** One visitor's socket, from its first `hello` to its end. */
export class VisitorSocket implements Viewer {
  readonly #gateway: Gateway;
  readonly #peer: Peer;
  readonly #origin: string;
  readonly #browser: string;
  readonly #welcomed: () => void;
  #greeting: Promise<void> | undefined;
  #session: (VisitorSession & { place: Place; lead: VisitorLead }) | undefined;
  /** Sent by this socket and not yet acked. */
  readonly #awaiting = new Set<string>();
  #shownState = "";
  #control: Control | undefined;
  #queue: (QueueWatch & { team: string }) | undefined;
  readonly #inOrder = createInOrder();
  #stopHours: (() => void) | undefined;
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
    else void this.#act(frame);
  }

  /** What the socket held is let go; what was committed stays. */
  end(): void {
    this.#queue?.leave();
    this.#stopHours?.();
    const session = this.#session;
    if (session === undefined) return;
    session.place.leave();
    session.lead.end();
    this.#gateway.visitors.left(session.visitor);
  }

  #refuse(error: unknown): void {
    // A bad `typing` or `read` is dropped: nobody waits for an answer to it.
    if (error instanceof BadFrame && (error.type === "typing" || error.type === "read")) return;
    if (
      error instanceof BadFrame &&
      (error.type === "message" || error.type === "rate" || error.type === "contact" || error.type === "transcript") &&
      error.clientId !== undefined
    )
      this.#peer.sendError(error, error.clientId);
    else if (!this.greeted) this.#peer.close(closeCodes.unauthenticated, "the first frame must be a hello");
    else this.#peer.refuseFrame(error, this.#newer);
  }

  #hello(frame: VisitorHello): void {
    const before = this.#greeting ?? Promise.resolve();
    this.#newer = isNewer(frame);
    this.#languages = wantedLanguages(frame);
    this.#greeting = before
      .then(() => (this.#session === undefined ? this.#begin(frame) : this.#again(frame)))
      .catch((error) => this.#failHello(error));
  }

  async #begin(frame: VisitorHello): Promise<void> {
    refuseVersion(frame);
    const inbox = await this.#gateway.inboxes.byKey(frame.inbox);
    if (inbox === undefined || !inbox.origins.includes(this.#origin))
      throw new Refusal("unauthenticated", "This page may not open this chat.");
    const visit = await this.#gateway.greetings(async () => (this.open ? await this.#findVisit(inbox, frame) : undefined));
    if (visit === undefined || !this.open) return;
    const visitor: VisitorPrincipal = {
      kind: "visitor",
      tenant: inbox.tenant,
      inbox: inbox.id,
      contact: visit.contact,
      conversation: visit.conversation,
      ...(visit.locale === null ? {} : { locale: visit.locale }),
    };
    this.#gateway.visitors.joined(visitor);
    const place = this.#gateway.viewers.join({ tenant: inbox.tenant, id: visit.conversation }, this);
    const lead = new VisitorLead(this.#gateway, { tenant: inbox.tenant, id: visit.conversation }, () => void this.#showState());
    this.#session = { visitor, inbox, visit, place, lead };
    this.#stopHours = this.#gateway.hours.watch(inbox.tenant, () => void this.#showState());
    this.#welcomed();
    // What was filled in may lead to another team: it is read again.
    if (frame.prechat === undefined && frame.team === undefined) await this.#welcome(frame, visit.lastSeq, visit.control);
    else await this.#again(frame);
  }

  async #findVisit(inbox: Inbox, frame: VisitorHello): Promise<Visit> {
    const { token, identity, anew, locale, page, timeZone } = frame;
    const person = identity === undefined ? undefined : this.#gateway.access.identify(inbox, identity);
    if (token !== undefined && person === undefined && anew !== true) return await resumeVisit(this.#gateway, inbox, token, { locale });
    if (token === undefined || anew === true) await this.#gateway.limits.newConversation(this.#peer.address);
    const browser = this.#browser.slice(0, 300);
    const about = {
      ...(locale === undefined ? {} : { locale }),
      ...(page === undefined ? {} : { page }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(browser === "" ? {} : { browser }),
    };
    if (person !== undefined) {
      const visit = await openIdentifiedVisit(this.#gateway, inbox, person, { ...about, ...(token === undefined ? {} : { token }) });
      return anew === true ? await beginNextVisit(this.#gateway, inbox, visit.token, { locale, identified: true }) : visit;
    }
    return token === undefined
      ? await beginVisit(this.#gateway, inbox, about)
      : await beginNextVisit(this.#gateway, inbox, token, { locale });
  }

  /** A hello on a socket that was welcomed asks for what is missing, perhaps in another language. */
  async #again(frame: VisitorHello): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    await this.#answerPrechat(frame);
    const now = await resumeVisit(this.#gateway, session.inbox, session.visit.token, {
      locale: frame.locale,
      identified: session.visit.identified,
    });
    if (now.locale !== null) session.visitor = { ...session.visitor, locale: now.locale };
    await this.#welcome(frame, now.lastSeq, now.control);
  }

  /** What doesn't fit is told beside the welcome: the chat goes on without it. */
  async #answerPrechat(frame: VisitorHello): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    try {
      await keepAnswers(this.#gateway, session, frame, this.#languages);
    } catch (error) {
      this.#gateway.failed(error, "answers not kept");
      this.#peer.sendError(error);
    }
  }

  async #welcome(frame: VisitorHello, newest: number, control: Control): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const { tenant, conversation: id } = session.visitor;
    const resync = await knowsAnother(this.#gateway, { tenant, id }, newest, frame);
    this.#control = control;
    const [state, texts] = await Promise.all([this.#state(session, control), this.#gateway.inboxTexts(session.inbox)]);
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
    this.#shownState = JSON.stringify(state);
    this.#peer.sendFrame(welcome);
    const after = resync ? 0 : (frame.after ?? 0);
    await session.place.resume(after, resync ? undefined : frame.afterAt);
    // Whom only the assistant answered, nobody has read.
    if (control.generation > 1) await this.#showMarks(session, after);
  }

  /** How far the agents have read, and that this page has what it says that it has: either may have been missed. */
  async #showMarks({ visitor }: VisitorSession, after: number): Promise<void> {
    if (after > 0) this.#gateway.shownMarks.shown({ tenant: visitor.tenant, id: visitor.conversation }, "visitor", after);
    const marks = await findAgentMarks(this.#gateway.database.forTenant(visitor.tenant), visitor.conversation);
    if (marks === undefined || !this.open) return;
    if (marks.shown > 0) this.#peer.sendFrame({ type: "delivered", seq: marks.shown });
    if (marks.read > 0) this.#peer.sendFrame({ type: "read", seq: marks.read, author: { kind: "agent", name: marks.name ?? "" } });
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
        return await this.#inOrder(frame.files !== undefined || isFirst(session), () => this.#send(frame.clientId, async () => frame));
      case "action":
        return await this.#inOrder(isFirst(session), () =>
          this.#send(frame.clientId, () => offeredAction(this.#gateway, session.visitor, frame)),
        );
      case "typing":
        if (!this.#gateway.limits.typing(`${session.visitor.contact}.${frame.on}`)) return;
        return publishConversationEvent(this.#gateway, session.visitor.tenant, {
          kind: "typing",
          conversation: session.visit.conversation,
          author: { kind: "visitor", name: session.visit.contactName },
          authorId: session.visitor.contact,
          on: frame.on,
        });
      case "end":
        // What is written after it opens the conversation again, and must not be ended by it.
        return await this.#inOrder(true, () => this.#end(session.visitor));
      case "rate":
        return await this.#rate(session.visitor, frame);
      case "transcript":
        return await this.#mailTranscript(session.visitor, frame);
      case "contact":
        return await this.#leaveMail(session, frame);
      case "read":
        if (frame.seq > session.place.seen) return;
        return await markReadByVisitor(this.#gateway, session.visitor, session.visit.contactName, frame.seq).catch((error) =>
          this.#gateway.failed(error, "read mark not kept"),
        );
    }
  }

  async #send(clientId: string, what: () => Promise<Omit<InboundMessage, "clientId">>): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    this.#awaiting.add(clientId);
    try {
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
    } catch (error) {
      this.#awaiting.delete(clientId);
      this.#gateway.failed(error, "message not saved");
      this.#peer.sendError(error, clientId);
    }
  }

  async #end(visitor: VisitorPrincipal): Promise<void> {
    try {
      await this.#gateway.limits.message(visitor.contact);
      await changeControl(this.#gateway, { tenant: visitor.tenant, id: visitor.conversation }, endedByVisitor());
    } catch (error) {
      this.#gateway.failed(error, "conversation not ended");
      this.#peer.sendError(error);
    }
  }

  async #rate(visitor: VisitorPrincipal, { clientId, ...given }: Extract<VisitorFrame, { type: "rate" }>): Promise<void> {
    try {
      await this.#gateway.limits.message(visitor.contact);
      this.#peer.sendFrame({ type: "rated", clientId, ...(await rateConversation(this.#gateway, visitor, given)) });
    } catch (error) {
      this.#gateway.failed(error, "rating not kept");
      this.#peer.sendError(error, clientId);
    }
  }

  async #mailTranscript(visitor: VisitorPrincipal, { clientId, email }: Extract<VisitorFrame, { type: "transcript" }>): Promise<void> {
    try {
      await this.#gateway.limits.message(visitor.contact);
      this.#peer.sendFrame({ type: "transcript", clientId, email: await this.#gateway.sendTranscript(visitor, email, clientId) });
    } catch (error) {
      this.#gateway.failed(error, "transcript not sent");
      this.#peer.sendError(error, clientId);
    }
  }

  async #leaveMail(
    { visitor, visit }: { visitor: VisitorPrincipal; visit: Visit },
    { clientId, email }: { clientId: string; email: string },
  ): Promise<void> {
    try {
      await this.#gateway.limits.message(visitor.contact);
      this.#peer.sendFrame({ type: "contact", clientId, email: await leaveMail(this.#gateway, visitor, email) });
      visit.mailKnown = true;
      await this.#showState();
    } catch (error) {
      this.#gateway.failed(error, "address not kept");
      this.#peer.sendError(error, clientId);
    }
  }

  #ack(clientId: string, { seq, at }: Pick<Received, "seq" | "at">): void {
    const ack: Ack = { type: "ack", clientId, seq, at };
    this.#peer.sendFrame(ack);
  }

  show(message: StoredMessage): void {
    const own = message.author.kind === "visitor";
    if (own && message.clientId !== undefined && this.#awaiting.delete(message.clientId)) {
      this.#ack(message.clientId, message);
      return;
    }
    const { seq, author, text, at, command, clientId } = message;
    const visitor = this.#session?.visitor;
    if (author.kind === "agent" && visitor !== undefined)
      this.#gateway.shownMarks.shown({ tenant: visitor.tenant, id: visitor.conversation }, "visitor", seq);
    const blocks = this.#gateway.fileAddresses.sign(visitor?.tenant ?? "", message.blocks);
    // Which account wrote it, the page doesn't learn; nor the name that an agent's page gave it.
    this.#peer.sendFrame({ type: "message", seq, clientId: own ? clientId : undefined, author, text, blocks, at, command });
  }

  control(control: Control): void {
    if (this.#control?.generation === control.generation && this.#control.open === control.open) return;
    this.#control = control;
    void this.#showState();
  }

  hear(event: ConversationEvent): void {
    if (event.kind === "erased") this.#failHello(new Refusal("unauthenticated", "This chat was deleted; a new one begins."));
    if (event.kind === "typing" && event.author.kind !== "visitor")
      this.#peer.sendFrame({ type: "typing", on: event.on, author: event.author });
    if (event.kind === "shown" && event.agentSeq > 0) this.#peer.sendFrame({ type: "delivered", seq: event.agentSeq });
    if (event.kind === "rated") void this.#showState();
    if (event.kind === "read" && event.author.kind !== "visitor")
      this.#peer.sendFrame({ type: "read", seq: event.seq, author: event.author });
  }

  room(): Promise<void> {
    return this.#peer.room();
  }

  #watchQueue(control: Control): void {
    const session = this.#session;
    if (session === undefined) return;
    const team = control.controller === "queue" ? control.team : undefined;
    if (this.#queue?.team === team) return;
    this.#queue?.leave();
    this.#queue =
      team === undefined
        ? undefined
        : { team, ...this.#gateway.queuePlaces.watch(session.visitor.tenant, team, () => void this.#showState()) };
  }

  async #state(session: VisitorSession & { lead: VisitorLead }, control: Control): Promise<ConversationState> {
    const led = await session.lead.of(control);
    this.#watchQueue(led.control);
    return await stateOf(this.#gateway, session, led, { ended: control.generation, queue: this.#queue, languages: this.#languages });
  }

  async #showState(): Promise<void> {
    const control = this.#control;
    const session = this.#session;
    if (control === undefined || session === undefined) return;
    const state = await this.#state(session, control);
    // Another change may have come while the place was looked up: only the newest is shown.
    if (this.#control !== control) return;
    const text = JSON.stringify(state);
    if (text === this.#shownState) return;
    this.#shownState = text;
    this.#peer.sendFrame({ type: "state", ...state });
  }
}

/** What the visitor reads, the best first: a language that was chosen by hand stands in `locale`, and goes before what page and browser say. */
function wantedLanguages({ languages, locale }: VisitorHello): string[] {
  const reads = (languages ?? []).filter((tag) => tag !== "");
  if (locale === undefined || (reads.length > 0 && pickLanguage(reads) === pickLanguage([locale]))) return reads;
  return [locale, ...reads];
}
