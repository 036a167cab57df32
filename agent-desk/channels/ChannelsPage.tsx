import { MessagesSquare, Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import settings from "../settings/Settings.module.css";
import { AppCard } from "./AppCard.tsx";
import { ChannelDialogs } from "./ChannelDialogs.tsx";
import { type Doing, serviceName, useChannels } from "./channels.ts";

/** Slack and Teams: how they are connected, step by step, and how they are. */
export function ChannelsPage() {
  const { channels, wrong, again } = useChannels();
  const [refused, setRefused] = useState<string | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const begin = (channel: string) => {
    setRefused(null);
    runCommand("channel.app", { channel }).then(again, (error: unknown) => setRefused(sentence(error)));
  };
  const close = () => {
    setDoing(null);
    again();
  };
  const buttons = channels?.services.map((channel) => (
    <Button key={channel} tone={channels.apps.length === 0 ? "primary" : undefined} command="channel.app" onClick={() => begin(channel)}>
      <Plus aria-hidden="true" /> Add {serviceName(channel)}
    </Button>
  ));
  return (
    <div class={settings.page}>
      <div class={settings.top}>
        <p>Your people run commands, approve and answer where they are anyway. Each of them links their account there once.</p>
        {channels !== null && channels.apps.length > 0 && buttons}
      </div>
      <Wrong>{refused ?? wrong}</Wrong>
      {channels === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      {channels?.apps.length === 0 && (
        <Empty icon={<MessagesSquare strokeWidth={1.5} />} title="Nothing is connected">
          <p>The page leads you through it, in some ten minutes.</p>
          {buttons}
        </Empty>
      )}
      {channels?.apps.map((app) => (
        <AppCard key={app.id} app={app} channels={channels} onDo={setDoing} onChanged={again} />
      ))}
      {doing !== null && <ChannelDialogs doing={doing} onClose={close} />}
    </div>
  );
}
