import { type ReadonlySignal, signal } from "@preact/signals";
import type { FileBlock } from "../protocol/blocks.ts";
import type { ErrorBody } from "../protocol/errors.ts";
import { fileBlock, maxFileBytes, maxFilesOfMessage } from "../protocol/files.ts";
import { newClientId } from "./clientId.ts";
import { type FilesAddress, removeFile, UploadRefused, uploadFile } from "./upload.ts";

/** `waiting`: no connection or no answer; it goes by itself. `refused`: it never will. */
export type AttachmentState = "uploading" | "waiting" | "ready" | "refused";

/** A file that was chosen. */
export interface Attachment {
  key: string;
  file: File;
  state: AttachmentState;
  /** What of it was sent, from 0 to 1. */
  progress: number;
  error?: ErrorBody;
  block?: FileBlock;
}

/** Why a file wasn't taken. */
export type Problem = { kind: "tooLarge" | "empty"; name: string } | { kind: "tooMany" };

/** Files on their way with a message. */
export interface Taken {
  files: { name: string }[];
  /** At once where all are there already. */
  blocks: FileBlock[] | undefined;
  /** When all are there; rejects with an ErrorBody when one is refused. */
  uploaded: Promise<FileBlock[]>;
  /** They are chosen again, as far as they have come: the message isn't sent after all. */
  giveBack(): void;
}

export interface Attachments {
  /** For the next message, in the order in which they were chosen. */
  chosen: ReadonlySignal<readonly Attachment[]>;
  /** Why the last that were chosen were not all taken. */
  problem: ReadonlySignal<Problem | undefined>;
  /** Begins to upload. */
  add(files: readonly File[]): void;
  remove(key: string): void;
  /** The files of the message that is sent now; undefined where none are chosen. */
  take(): Taken | undefined;
  /** Call it when there may be a connection again. */
  resume(): void;
  /** Whether something would be lost with the page. */
  busy(): boolean;
}

const atOnce = 2;
const retryMs = 3000;
/** Whoever must wait for longer is told instead. */
const longestWaitMs = 60_000;

export function openAttachments(files: FilesAddress): Attachments {
  const chosen = signal<readonly Attachment[]>([]);
  const problem = signal<Problem>();
  /** All that are not done: chosen, or with a message that waits for them. */
  const underWay = new Map<string, { stop: AbortController; settled(attachment: Attachment): void }>();
  const waiting: Attachment[] = [];
  /** What is chosen, itself: `chosen` shows copies. */
  const originals = new Map<string, Attachment>();
  let running = 0;
  let paused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function add(given: readonly File[]): void {
    problem.value = undefined;
    for (const file of given.map(plainlyNamed)) {
      if (file.size > maxFileBytes) problem.value = { kind: "tooLarge", name: file.name };
      else if (file.size === 0) problem.value = { kind: "empty", name: file.name };
      else if (chosen.value.length >= maxFilesOfMessage) problem.value = { kind: "tooMany" };
      else begin(file);
    }
  }

  function begin(file: File): void {
    const attachment: Attachment = { key: newClientId(), file, state: "uploading", progress: 0 };
    chosen.value = [...chosen.value, attachment];
    originals.set(attachment.key, attachment);
    underWay.set(attachment.key, { stop: new AbortController(), settled: () => {} });
    waiting.push(attachment);
    next();
  }

  function next(): void {
    while (!paused && running < atOnce) {
      const attachment = waiting.shift();
      if (attachment === undefined) return;
      running++;
      void run(attachment).finally(() => {
        running--;
        next();
      });
    }
  }

  async function run(attachment: Attachment): Promise<void> {
    const { key, file } = attachment;
    const signal = underWay.get(key)?.stop.signal;
    if (signal === undefined || signal.aborted) return;
    change(attachment, { state: "uploading" });
    try {
      const uploaded = await uploadFile(files, file, { key, signal, progress: (progress) => change(attachment, { progress }) });
      if (signal.aborted) void removeFile(files, uploaded.id);
      else settle(attachment, { state: "ready", progress: 1, block: fileBlock(uploaded) });
    } catch (error) {
      if (!signal.aborted) failed(attachment, error);
    }
  }

  function failed(attachment: Attachment, error: unknown): void {
    const { retryAfterMs, ...body }: ErrorBody = error instanceof UploadRefused ? error.body : { code: "internal", message: String(error) };
    if (retryAfterMs === undefined || retryAfterMs > longestWaitMs) {
      settle(attachment, { state: "refused", error: body });
      return;
    }
    change(attachment, { state: "waiting", progress: 0 });
    waiting.push(attachment);
    // The others would fail alike: all wait.
    paused = true;
    clearTimeout(timer);
    timer = setTimeout(resume, Math.max(retryMs, retryAfterMs));
  }

  function resume(): void {
    clearTimeout(timer);
    paused = false;
    next();
  }

  /** In place: a message that took it looks at the same. */
  function change(attachment: Attachment, changes: Partial<Attachment>): void {
    Object.assign(attachment, changes);
    chosen.value = chosen.value.map((other) => (other.key === attachment.key ? { ...attachment } : other));
  }

  function settle(attachment: Attachment, changes: Partial<Attachment>): void {
    change(attachment, changes);
    const { settled } = underWay.get(attachment.key) ?? {};
    underWay.delete(attachment.key);
    settled?.(attachment);
  }

  function remove(key: string): void {
    const gone = chosen.value.find((attachment) => attachment.key === key);
    chosen.value = chosen.value.filter((attachment) => attachment.key !== key);
    originals.delete(key);
    underWay.get(key)?.stop.abort();
    underWay.delete(key);
    problem.value = undefined;
    if (gone?.block !== undefined) void removeFile(files, gone.block.id);
  }

  function take(): Taken | undefined {
    const taken = chosen.value.flatMap(({ key }) => originals.get(key) ?? []);
    if (taken.length === 0) return undefined;
    chosen.value = [];
    originals.clear();
    problem.value = undefined;
    const blocks = taken.flatMap(({ block }) => block ?? []);
    return {
      files: taken.map(({ file: { name } }) => ({ name })),
      blocks: blocks.length === taken.length ? blocks : undefined,
      uploaded: Promise.all(taken.map(arrival)),
      giveBack: () => {
        for (const attachment of taken) {
          originals.set(attachment.key, attachment);
          const entry = underWay.get(attachment.key);
          if (entry !== undefined) entry.settled = () => {};
        }
        chosen.value = [...taken.map((attachment) => ({ ...attachment })), ...chosen.value];
      },
    };
  }

  function arrival({ key, block, error }: Attachment): Promise<FileBlock> {
    if (block !== undefined) return Promise.resolve(block);
    if (error !== undefined) return Promise.reject(error);
    return new Promise((resolve, reject) => {
      const entry = underWay.get(key);
      if (entry !== undefined) entry.settled = ({ block, error }) => (block === undefined ? reject(error) : resolve(block));
    });
  }

  return { chosen, problem, add, remove, take, resume, busy: () => underWay.size > 0 || chosen.value.length > 0 };
}

/** Without control and direction characters: `photo\u202Egpj.exe` reads as a picture before it is sent, too. The server cleans more. */
function plainlyNamed(file: File): File {
  const name = file.name.replaceAll(/\p{Cc}|(?![\u200C\u200D])\p{Cf}/gu, "");
  return name === file.name ? file : new File([file], name, { type: file.type, lastModified: file.lastModified });
}
