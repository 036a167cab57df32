import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { accept, changeControl, take } from "../../src/conversations/control/changeControl.ts";
import type { AgentRef, ConversationRef } from "../../src/conversations/conversation.ts";
import { decline, lapseOffers, mayOffer, type Offering, offerTransfer } from "../../src/routing/offers.ts";
import { declarePresence } from "../../src/routing/presence.ts";
import { openRoutingHouse, type RoutingHouse } from "./routingHouse.ts";

let under: RoutingHouse;
let house: RoutingHouse["house"];
let bus: RoutingHouse["bus"];
let mia: AgentRef;
let otto: AgentRef;
let offering: Offering;
let lapse: RoutingHouse["lapse"];

beforeAll(async () => {
  under = await openRoutingHouse();
  ({ house, bus, offering, lapse } = under);
});
afterAll(() => house.close());
beforeEach(async () => {
  await under.clear();
  mia = await under.agent("Mia");
  otto = await under.agent("Otto");
});

const sql = () => house.database.forTenant(house.tenant);
const recording = () => under.recording;

describe("a transfer to a colleague", () => {
  async function ottoHolds(): Promise<ConversationRef> {
    const conversation = await house.newConversation();
    await changeControl(recording(), conversation, take(otto));
    return conversation;
  }
  const offerTo = (conversation: ConversationRef, to: AgentRef) =>
    offerTransfer(offering, house.tenant, { conversation: conversation.id, generation: 2, sender: otto.id, to });
  const holder = async (conversation: ConversationRef) =>
    (
      await sql().query<{ agent_name: string }>("select agent_name from conversation where tenant_id = $1 and id = $2", [conversation.id])
    )[0]?.agent_name;

  it("is theirs only once they accept", async () => {
    const conversation = await ottoHolds();
    await offerTo(conversation, mia);
    expect(await holder(conversation)).toBe("Otto");
    await changeControl(recording(), conversation, accept(mia));
    expect(await holder(conversation)).toBe("Mia");
  });

  it.each([
    ["declined", "Mia declined the transfer; the conversation stays with you. Mia: lunch"],
    ["late", "Mia did not take the transfer in time; the conversation stays with you."],
    ["dropped", "Mia was no longer online to take the transfer; the conversation stays with you."],
  ])("that is %s returns with a note, and the sender still answers", async (how, note) => {
    const conversation = await ottoHolds();
    const heard: unknown[] = [];
    const end = bus.subscribe(`agent.${house.tenant}.${otto.id}`, ({ data }) => heard.push(data));
    await offerTo(conversation, mia);
    if (how === "declined") await decline(offering, house.tenant, mia.id, { conversation: conversation.id, reason: "lunch" });
    else if (how === "late") await lapse();
    else {
      await declarePresence({ database: house.database, bus }, house.tenant, mia.id, "away");
      await lapseOffers(offering);
    }
    end();
    expect(under.notes).toEqual([note]);
    expect(heard).toEqual([{ kind: "notice", conversation: conversation.id, text: note }]);
    expect(await holder(conversation)).toBe("Otto");
    await expect(changeControl(recording(), conversation, accept(mia))).rejects.toThrow("Otto took this conversation.");
  });

  it("is refused to oneself and to who isn't there, and where it isn't as the sender saw it", async () => {
    const conversation = await ottoHolds();
    const ask = (to: AgentRef) => mayOffer(house, house.tenant, { sender: otto.id, to });
    await expect(ask(otto)).rejects.toThrow("to yourself");
    await declarePresence({ database: house.database, bus }, house.tenant, mia.id, "away");
    await expect(ask(mia)).rejects.toThrow("Mia is away; choose somebody who is online, or a team.");
    await changeControl(recording(), conversation, () => ({ change: { to: "bot", by: { kind: "visitor" }, reason: "x" } }));
    await expect(offerTo(conversation, mia)).rejects.toThrow("at the same moment");
  });
});
