import type { StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import { aloneWithThem } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure } from "../chatService.ts";
import { addErrand, announceErrands, type NewErrand } from "../outbox/errand.ts";
import { hurryOut } from "../outbox/outStore.ts";
import { listPeopleOf } from "../people/personStore.ts";
import { roomNamed } from "../rooms/rooms.ts";
import { type ChoosingOutside, chosenInstallation } from "./chosen.ts";
import { type InstallationRow, saveState } from "./installationStore.ts";
import { offerThings, roomArgument, workspaceArgument } from "./offered.ts";

const text = "This is a test message from Switchboard: what is sent from there arrives here.";

/** `channel.test`: whether a workspace works, seen from both sides. */
export function testCommand(outside: ChoosingOutside & { house: () => ChatOutside }): StaffCommand {
  const { database, house } = outside;
  const define = commandsOf("channel", { risk: "write", permission: "people.manage", audited: "always" });
  return define(
    "test",
    "Asks the service whether a connected workspace works, and sends a test message to a room, or to whoever runs this and is linked there.",
    {
      workspace: workspaceArgument,
      room: roomArgument("The room that it is sent to, by its name or id; left out, to you alone."),
    },
    [],
    async ({ principal: { tenant, account }, args, run }) => {
      const { row, installation, service } = await chosenInstallation(outside, tenant, args["workspace"]);
      const sql = database.forTenant(tenant);
      const works = await service.check(installation).catch((error: unknown) => {
        if (error instanceof ChatFailure) return error;
        throw error;
      });
      if (works instanceof ChatFailure) {
        await saveState(sql, row.id, works.kind === "broken" ? "broken" : row.state, works.message);
        return { messages: [{ text: `It doesn't work: ${works.message}` }], data: { works: false, why: works.message } };
      }
      if (await saveState(sql, row.id, "live", null)) await hurryOut(sql, row.id);
      const to = args["room"] === undefined ? await toThem(outside, row, account) : await toRoom(outside, row, String(args["room"]));
      if (to !== undefined)
        await sql.transaction((tx) => addErrand(tx, { installation: row.id, key: `test:${run}`, ...to.errand }).then(() => {}));
      announceErrands(house());
      const sent =
        to === undefined
          ? "You are not linked there: name a room, or link yourself, to get a test message."
          : `A test message is on its way to ${to.whom}.`;
      return { messages: [{ text: `It works: ${works.name} answers. ${sent}` }], data: { works: true, sentTo: to?.whom ?? null } };
    },
    { choices: offerThings(outside) },
  );
}

interface Addressed {
  whom: string;
  errand: Pick<NewErrand, "what" | "person">;
}

async function toRoom({ house }: { house: () => ChatOutside }, row: InstallationRow, wanted: string): Promise<Addressed> {
  const { name, place } = await roomNamed(house(), row, wanted);
  return { whom: `#${name}`, errand: { what: { do: "post", place, drawing: { text } } } };
}

async function toThem({ database }: ChoosingOutside, row: InstallationRow, account: string): Promise<Addressed | undefined> {
  const people = await listPeopleOf(database.forTenant(row.tenant), [account]);
  const person = people.find(({ installation }) => installation === row.id);
  if (person === undefined) return undefined;
  const place = person.place ?? aloneWithThem;
  return { whom: "you", errand: { what: { do: "post", place, drawing: { text } }, person: person.id } };
}
