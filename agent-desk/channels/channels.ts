import { useCallback, useEffect, useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";

export interface AppView {
  id: string;
  channel: string;
  /** As the service calls it; empty where it isn't given yet. */
  appId: string;
  /** Of what `channel.app` takes, what is still to be given; empty where the app counts. */
  missing: string[];
  /** Where the service speaks to us. */
  address: string;
}

/** Instants are ISO 8601, UTC. */
export interface WorkspaceView {
  id: string;
  app: string;
  channel: string;
  name: string;
  /** The inbox's id. */
  inbox: string;
  state: "live" | "broken";
  problem: string | null;
  heardAt: string | null;
  sentAt: string | null;
  heldUntil: string | null;
}

export interface RoomView {
  workspace: string;
  team: string;
  /** The service's id of it. */
  room: string;
  /** As it is called now, or its id. */
  name: string;
}

export interface ChannelsView {
  services: string[];
  apps: AppView[];
  workspaces: WorkspaceView[];
  rooms: RoomView[];
}

/** What is being done on the page, over it. */
export type Doing =
  | { do: "secrets" | "connect" | "forget"; app: AppView }
  | { do: "inbox" | "room" | "disconnect"; workspace: WorkspaceView };

const names: Readonly<Record<string, string>> = { slack: "Slack", teams: "Teams" };

export function serviceName(channel: string): string {
  return names[channel] ?? channel;
}

/** What is connected, and the way to ask again after a change. */
export function useChannels(): { channels: ChannelsView | null; wrong: string | null; again: () => void } {
  const [channels, setChannels] = useState<ChannelsView | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const again = useCallback(() => {
    runCommand("channel.list", {}).then(
      ({ data }) => {
        setChannels(isChannels(data) ? data : null);
        setWrong(null);
      },
      (error: unknown) => setWrong(sentence(error)),
    );
  }, []);
  useEffect(again, [again]);
  return { channels, wrong, again };
}

/** The server checks what it answers; here it is only found. */
function isChannels(data: unknown): data is ChannelsView {
  return typeof data === "object" && data !== null && "services" in data && "apps" in data && "workspaces" in data && "rooms" in data;
}
