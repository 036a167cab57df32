import { AtSign, MessageSquareQuote, SquareTerminal, Workflow, Zap } from "lucide-preact";
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import type { Mentioned } from "../../src/protocol/mentions.ts";
import { fillSlots, openSlots, slotValues } from "../../src/protocol/slots.ts";
import { knownCommands, learnAllowed } from "../commands/allowed.ts";
import { choicesInLine } from "../commands/choicesInLine.ts";
import type { LineItem } from "../commands/lineItems.ts";
import { Chip } from "../look/Chip.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { atBefore, type MentionOffer, mentionOffers } from "../mentions/mentionsIn.ts";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Aids.module.css";
import { type ActionOffer, actionOffers } from "./actionOffers.ts";
import { type Entered, enteredLine } from "./enteredLine.ts";
import { meaningOf, type Offer, offersFor, slashBefore } from "./offers.ts";
import { runMacro } from "./runMacro.ts";
import { lineWritten, runWritten } from "./writtenLine.ts";

interface Slash {
  head: ConversationHead;
  text: string;
  box: RefObject<HTMLTextAreaElement | null>;
  /** It goes to colleagues, who can be named in it. */
  internal: boolean;
  /** Writes the whole text anew; `named` is whom it names now. */
  write(text: string, named?: Mentioned): void;
  /** What Enter does where there is nothing to choose. */
  send(): void;
}

type Offered =
  | Offer
  | { kind: "mention"; item: MentionOffer }
  | { kind: "action"; item: ActionOffer }
  | { kind: "line"; item: { id: string; name: string; about: string }; line: LineItem };

/** `/` or `@` and a name in the composer: what they offer, and the keys that choose. */
export function useSlash({ head, text, box, internal, write, send }: Slash) {
  const desk = useDesk();
  const { aids, account, agents, teams } = desk;
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  /** Enter was pressed before it was known what there is. */
  const [entered, setEntered] = useState(false);
  /** Why the line that was entered is not run. */
  const [told, setTold] = useState<string | null>(null);
  const known = aids.known.value;
  const at = cursor === null || !internal ? null : atBefore(text, cursor);
  const slash = cursor === null ? null : slashBefore(text, cursor);
  const named = at === null ? [] : mentionOffers(at.word, { agents: agents.value, teams: teams.value ?? [], me: account.id });
  const written = cursor === text.length ? lineWritten(text, desk, head) : undefined;
  const offers: Offered[] =
    written !== undefined
      ? written.items.map((line) => ({ kind: "line", line, item: { id: line.name, name: line.label, about: line.detail ?? "" } }))
      : slash === null
        ? named.map((item) => ({ kind: "mention", item }))
        : [
            ...offersFor(slash.word, {
              canned: aids.canned.value,
              macros: aids.macros.value,
              team: head.team,
              languages: [head.language ?? null, head.contact.locale, ...navigator.languages],
            }),
            ...actionOffers(slash.word, head, account.id, knownCommands.value ?? []).map((item): Offered => ({ kind: "action", item })),
          ];
  const marked = Math.min(chosen, offers.length - 1);

  const isLine = text.startsWith("/");
  // A command that was published since would be sent to the customer as a text.
  useEffect(() => {
    if (isLine) void learnAllowed();
  }, [isLine]);

  const writeOn = (whole: string) => {
    write(whole);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(whole.length, whole.length);
      setCursor(whole.length);
    });
  };
  const runItem = (item: LineItem) => {
    setCursor(null);
    setTold(null);
    write("");
    // What was refused can be changed where it was written.
    void runWritten(desk, item, text, head.id).then((isDone) => isDone || box.current?.value !== "" || writeOn(text));
  };
  const settle = (line: NonNullable<Entered>) => {
    if ("item" in line) runItem(line.item);
    else setTold(line.wrong);
  };
  const enter = (): boolean => {
    const read = () => enteredLine(text, knownCommands.peek() ?? [], choicesInLine(desk, head));
    const line = read();
    if (line === undefined) return false;
    if ("item" in line || !line.unknown) settle(line);
    // It may have been published since, and what is written another meanwhile.
    else void learnAllowed().then(() => box.current?.value === text && settle(read() ?? line));
    return true;
  };
  const take = (offer: Offered) => {
    if (offer.kind === "line") {
      setChosen(0);
      if (offer.line.does === "write") return writeOn(offer.line.line);
      return runItem(offer.line);
    }
    const from = (slash ?? at)?.from;
    if (from === undefined || cursor === null) return;
    const before = text.slice(0, from);
    const after = text.slice(cursor);
    setCursor(null);
    setChosen(0);
    if (offer.kind === "macro") {
      write(before + after);
      void runMacro(head.id, offer.item);
      return;
    }
    if (offer.kind === "action") {
      if (offer.item.line !== undefined && (before + after).trim() === "") return writeOn(offer.item.line);
      write(before + after);
      offer.item.run();
      return;
    }
    if (offer.kind === "mention") {
      const { id, name } = offer.item;
      const whole = `${before}@${name} `;
      write(whole + after.trimStart(), { id, name });
      requestAnimationFrame(() => box.current?.setSelectionRange(whole.length, whole.length));
      return;
    }
    const { text: filled } = fillSlots(offer.text, slotValues(head, account));
    write(before + filled + after);
    const open = openSlots(filled)[0];
    requestAnimationFrame(() => {
      box.current?.focus();
      // What is still to be filled in is marked: typing replaces it.
      if (open === undefined) box.current?.setSelectionRange(before.length + filled.length, before.length + filled.length);
      else box.current?.setSelectionRange(before.length + open.from, before.length + open.to);
    });
  };

  useEffect(() => {
    if (!entered || !known) return;
    setEntered(false);
    const offer = offers[marked];
    if (offer === undefined) send();
    else take(offer);
  }, [entered, known]);

  return {
    offers,
    marked,
    wrong: told ?? written?.wrong ?? null,
    /** Whether what is written is a line that begins with `/`: it is run, or told why not, and never sent. */
    enter,
    waits: entered && !known,
    take,
    mark: setChosen,
    follow() {
      const at = box.current?.selectionStart ?? null;
      setCursor(at !== null && at === box.current?.selectionEnd ? at : null);
      setChosen(0);
      setEntered(false);
      if (box.current?.value !== text) setTold(null);
    },
    leave: () => {
      setCursor(null);
      setEntered(false);
    },
    /** Whether the key was for the list. */
    onKey(event: KeyboardEvent): boolean {
      if (event.isComposing) return false;
      const meaning = meaningOf(event, { asked: slash !== null, known, offers: offers.length });
      const completion = event.key === "Tab" ? offers.find((each) => each.kind === "line" && each.line.does === "write") : undefined;
      const offer = completion ?? offers[marked];
      if (meaning === undefined) return false;
      // Its name stands there in full: Tab goes on with what it takes.
      const isWhole = offer?.kind === "action" && offer.item.line?.trimEnd() === text.trim();
      if (meaning === "take" && event.key === "Enter" && isWhole && enter()) {
        event.preventDefault();
        return true;
      }
      if (meaning === "down") setChosen((marked + 1) % offers.length);
      else if (meaning === "up") setChosen((marked + offers.length - 1) % offers.length);
      else if (meaning === "leave") setCursor(null);
      else if (meaning === "wait") setEntered(true);
      else if (offer !== undefined) take(offer);
      event.preventDefault();
      return true;
    },
  };
}

/** The list above the composer. The cursor stays in the text: the keys come from there. */
export function SlashList({
  offers,
  marked,
  wrong,
  waits,
  take,
  mark,
}: Pick<ReturnType<typeof useSlash>, "offers" | "marked" | "wrong" | "waits" | "take" | "mark">) {
  if (waits)
    return (
      <p class={styles.waits} role="status">
        One moment, the answers and macros are on their way…
      </p>
    );
  if (wrong !== null && offers.length === 0) return <Wrong>{wrong}</Wrong>;
  if (offers.length === 0) return null;
  return (
    <div class={styles.offers} id="slash" role="listbox" tabIndex={0} aria-label={listNames[offers[0]?.kind ?? "canned"]}>
      {offers.map((offer, index) => (
        <div
          key={offer.item.id}
          id={`slash-${index}`}
          ref={index === marked ? inSight : null}
          role="option"
          tabIndex={-1}
          aria-selected={index === marked}
          onPointerMove={() => mark(index)}
          onPointerDown={(event) => {
            event.preventDefault();
            take(offer);
          }}
        >
          <OfferIcon kind={offer.kind} />
          <span class={styles.offer}>
            <b>{offer.item.name}</b>
            <small>{aboutOffer(offer)}</small>
          </span>
          {(offer.kind === "canned" || offer.kind === "macro") && offer.item.owner !== "everyone" && (
            <Chip>{offer.item.owner.startsWith("team:") ? offer.item.owner.slice(5) : "mine"}</Chip>
          )}
        </div>
      ))}
    </div>
  );
}

const ofHelp = "Canned answers, macros and actions";
const listNames: Record<Offered["kind"], string> = {
  ...{ canned: ofHelp, macro: ofHelp, action: ofHelp },
  ...{ mention: "Colleagues and teams", line: "What the line may become" },
};

/** The keys may mark what stands below the edge of the list. */
function inSight(option: HTMLElement | null): void {
  option?.scrollIntoView({ block: "nearest" });
}

function OfferIcon({ kind }: { kind: Offered["kind"] }) {
  if (kind === "mention") return <AtSign aria-hidden="true" />;
  if (kind === "action") return <Zap aria-hidden="true" />;
  if (kind === "line") return <SquareTerminal aria-hidden="true" />;
  return kind === "canned" ? <MessageSquareQuote aria-hidden="true" /> : <Workflow aria-hidden="true" />;
}

function aboutOffer(offer: Offered): string {
  if (offer.kind === "mention" || offer.kind === "action" || offer.kind === "line") return offer.item.about;
  return offer.kind === "canned" ? offer.text : stepsOf(offer.item.actions.length);
}

function stepsOf(count: number): string {
  return `Macro of ${count} ${count === 1 ? "step" : "steps"}; runs at once`;
}
