import { ShieldCheck } from "lucide-preact";
import { useState } from "preact/hooks";
import type { InboxView } from "../../src/protocol/inbox.ts";
import type { RoleView } from "../../src/protocol/people.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { Choice, keyFrom, NameField, TextField } from "./fields.tsx";
import { Listed } from "./Listed.tsx";
import { limitsWrong, RoleLimits } from "./RoleLimits.tsx";
import { draftOf, type LimitDraft, limitIn } from "./roleLimits.ts";
import { useCommandData } from "./useCommandData.ts";
import { useListed } from "./useListed.ts";

type Doing = { do: "edit"; role: RoleView | null } | { do: "delete"; role: RoleView } | null;

/** What each role may do, and for which inboxes, teams and records. */
export function RolesPage({ mayChange }: { mayChange: boolean }) {
  const { items: roles, wrong, doing, setDoing, close } = useListed<RoleView, Doing>("role.list", "roles");
  return (
    <>
      <Listed
        about="What people may do. The first ten every workspace has; make your own for what they don't fit, down to an inbox, a team, an operation, a blueprint or some of its fields and entities."
        group="role"
        wrong={wrong}
        add={mayChange ? { label: "New role", onClick: () => setDoing({ do: "edit", role: null }) } : null}
        known={roles !== null}
        icon={<ShieldCheck strokeWidth={1.5} />}
        empty="No roles yet"
        rows={(roles ?? []).map((role) => ({
          id: role.key,
          name: role.name,
          detail: permissionsOf(role).join(", "),
          chips: [...chipsOf(role), `${role.people} ${role.people === 1 ? "person" : "people"}`],
          ...(mayChange && !role.predefined
            ? { onEdit: () => setDoing({ do: "edit", role }), onDelete: () => setDoing({ do: "delete", role }) }
            : {}),
        }))}
      />
      {doing?.do === "edit" && <RoleForm role={doing.role} onClose={close} />}
      {doing?.do === "delete" && (
        <DeleteDialog group="role" noun="role" id={doing.role.key} name={doing.role.name} onClose={close}>
          Nobody may have it any more. This can't be undone.
        </DeleteDialog>
      )}
    </>
  );
}

function RoleForm({ role, onClose }: { role: RoleView | null; onClose: () => void }) {
  const { data: inboxList } = useCommandData<InboxView>("inbox.list", "inboxes");
  const first = role?.grants.find(({ permission }) => permission.startsWith("conversations."));
  const [name, setName] = useState(role?.name ?? "");
  const [permissions, setPermissions] = useState(
    (role === null ? undefined : permissionsOf(role).join(", ")) ??
      "conversations.read, conversations.answer, commands.run, presence.declare",
  );
  const [inboxes, setInboxes] = useState<string | null>(null);
  const [teams, setTeams] = useState(first?.on.team.join(", ") ?? "");
  const [records, setRecords] = useState<string>(first?.records ?? "all");
  const running = role?.grants.find(({ permission }) => permission === "commands.run");
  const [operations, setOperations] = useState(running?.on.operation.join(", ") ?? "");
  const overEntities = role?.grants.filter(({ permission }) => permission.startsWith("entities.")) ?? [];
  const [blueprints, setBlueprints] = useState([...new Set(overEntities.flatMap(({ on }) => on.blueprint))].join(", "));
  const [limits, setLimits] = useState<Record<string, LimitDraft>>(
    Object.fromEntries(Object.entries(role?.limits ?? {}).map(([key, limit]) => [key, draftOf(limit)])),
  );
  const keys = blueprints
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");
  const limited = () =>
    Object.fromEntries(
      keys.flatMap((key) => {
        const draft = limits[key];
        const limit = draft === undefined ? undefined : limitIn(key, draft);
        return limit === undefined ? [] : [[key, limit]];
      }),
    );
  const named = first?.on.inbox.map((id) => inboxList?.find((inbox) => inbox.id === id)?.name ?? id).join(", ") ?? "";
  const args = () => ({
    ...(role === null ? { key: keyFrom(name) } : { role: role.key, version: role.version }),
    name,
    permissions,
    inboxes: inboxes ?? named,
    teams,
    records,
    operations,
    blueprints,
    ...(keys.length === 0 ? {} : { limits: limited() }),
  });
  return (
    <CommandDialog
      title={role === null ? "New role" : `Change the role ${role.name}`}
      command={role === null ? "role.create" : "role.update"}
      args={args}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <NameField value={name} wrong={wrongOf("name") ?? wrongOf("key")} onInput={setName} />
          <TextField
            id="role-permissions"
            label="May do"
            hint="Permissions with commas between; role.list names those of every role."
            many
            wrong={wrongOf("permissions")}
            value={permissions}
            onInput={setPermissions}
          />
          <TextField
            id="role-inboxes"
            label="Only in the inboxes"
            hint="Names with commas between; nothing: in all."
            wrong={wrongOf("inboxes")}
            value={inboxes ?? named}
            onInput={setInboxes}
          />
          <TextField
            id="role-teams"
            label="Only for the teams"
            hint="Keys with commas between; nothing: for all."
            wrong={wrongOf("teams")}
            value={teams}
            onInput={setTeams}
          />
          <TextField
            id="role-operations"
            label="Only the operations"
            hint="Names with commas between; nothing: all that are shared with them, and automations."
            wrong={wrongOf("operations")}
            value={operations}
            onInput={setOperations}
          />
          <TextField
            id="role-blueprints"
            label="Only the blueprints"
            hint="Keys with commas between; nothing: the entities of all."
            wrong={wrongOf("blueprints")}
            value={blueprints}
            onInput={setBlueprints}
          />
          <RoleLimits
            blueprints={keys}
            limits={limits}
            wrong={limitsWrong(keys, wrongOf)}
            onChange={(key, limit) => setLimits((all) => ({ ...all, [key]: limit }))}
          />
          <Choice
            id="role-records"
            label="Conversations"
            wrong={wrongOf("records")}
            value={records}
            options={[
              { value: "all", label: "All of them" },
              { value: "team", label: "Their own, and those of their teams" },
              { value: "own", label: "Their own: what they answer, take part in, or are offered" },
            ]}
            onInput={setRecords}
          />
        </>
      )}
    </CommandDialog>
  );
}

function permissionsOf({ grants }: RoleView): string[] {
  return [...new Set(grants.map(({ permission }) => permission))];
}

function chipsOf({ grants, limits }: RoleView): string[] {
  const counted = (kind: "operation" | "blueprint") => {
    const most = new Set(grants.flatMap(({ on }) => on[kind])).size;
    return most === 0 ? [] : [most === 1 ? `1 ${kind}` : `${most} ${kind}s`];
  };
  const onlyThese = [...counted("operation"), ...counted("blueprint"), ...Object.keys(limits).map((key) => `some of ${key}`)];
  const limited = grants.find(
    ({ permission, on, records }) => permission.startsWith("conversations.") && (records !== "all" || on.inbox.length + on.team.length > 0),
  );
  if (limited === undefined) return onlyThese;
  const { on, records } = limited;
  return [
    ...(records === "all" ? [] : [records === "own" ? "own conversations" : "own teams"]),
    ...(on.inbox.length === 0 ? [] : [on.inbox.length === 1 ? "1 inbox" : `${on.inbox.length} inboxes`]),
    ...on.team,
    ...onlyThese,
  ];
}
