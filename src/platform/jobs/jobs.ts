import { v7 as newId } from "uuid";
import type { Bus, Json } from "../bus/bus.ts";
import type { Sql } from "../database/database.ts";
import { ofInstallation } from "../database/installation.ts";
import { insertJob } from "./jobStore.ts";

/** Something that one worker does later or again. */
export interface NewJob {
  /** What it is, in two words with a dot between: `tenant.erase`. Who does it is the `JobKind` of this name. */
  kind: string;
  /** What its worker must know; forgotten when it is done. No secret. */
  data: Json;
  /** Of its cause: the same once more, of the same kind, finds the job that is there, also one that has ended, until that is forgotten. */
  key?: string;
  /** When it is due; without it now. */
  at?: Date;
}

/** How a kind of job is done. */
export interface JobKind {
  kind: string;
  /** So many at once in one process. */
  atOnce: number;
  /** So many at once of one tenant, over all processes (two that look in the same moment may go beyond it). Without it as many as there are. */
  perTenant?: number;
  /** Then its signal says so, and whatever it does after that is not waited for. */
  deadlineMs: number;
  /** Tries; then it is dead, with its reason, until somebody has it tried again. */
  attempts: number;
  /** From a failed try, counted from 1, to the next; without it 5 s, 20 s, 80 s and so on, at most an hour. */
  retryAfterMs?: (attempt: number) => number;
  /**
   * When its worker died, or stood still for longer than its lease: whether it is done `again`, or is `dead`, since what it did isn't known and must
   * not be done twice.
   */
  afterLoss: "again" | "dead";
  /**
   * Does it. A time as the answer has it done again then; none ends it. A Refusal that another try won't change (`invalid_value`, `forbidden`,
   * `not_found`, `unknown_command`) makes it dead at once; whatever else is thrown is tried again.
   */
  run(job: RunningJob): Promise<Date | undefined>;
  /** Told before a job is dead, perhaps twice: whoever waits for it must hear of it. */
  gaveUp?(job: GivenUpJob, reason: string): Promise<void>;
}

export interface GivenUpJob {
  tenant: string;
  id: string;
  data: unknown;
  /** This try, from 1. */
  attempt: number;
}

/** A job under the lease of this worker. What it writes to the database goes with `hold` or `finish`, or may be done twice. */
export interface RunningJob extends GivenUpJob {
  /** When it was to be done. Long ago may mean that it was, before a backup was restored. */
  dueAt: Date;
  /** Says that it should stop: it was cancelled, took too long, its lease is over, or the process ends. What it throws then is no failure. */
  signal: AbortSignal;
  /** Shown to whoever looks (`findJob`), within some seconds. */
  progress(value: Json): void;
  /** In a transaction of its own steps: whether the lease still holds, until the transaction ends. Refusal `stale_generation` where it doesn't: nothing of it is written. */
  hold(tx: Sql): Promise<void>;
  /** The same, and the job is done with the transaction: its effect and its end are one. */
  finish(tx: Sql): Promise<void>;
}

/** Runs what was asked for by `addJob`. PostgreSQL has the jobs; an adapter decides how a worker comes to one. */
export interface Jobs {
  /** Does jobs of these kinds in this process. The answer stops it: what runs is waited for some seconds, then told to stop and given back. */
  work(kinds: readonly JobKind[]): () => Promise<void>;
  close(): Promise<void>;
}

/** Writes a job down in the transaction of what asks for it, a tenant's; answers its id. `announceJobs` after the commit hurries it. */
export async function addJob(sql: Sql, { kind, key, data, at }: NewJob): Promise<string> {
  return await insertJob(sql, { id: newId(), kind, key: key ?? null, data, at: at ?? null });
}

/** The same for what belongs to the installation, in a transaction over all tenants. */
export async function addInstallationJob(tx: Sql, job: NewJob): Promise<string> {
  return await addJob(ofInstallation(tx), job);
}

/** Heard by one of the processes that do jobs. */
export const dueSubject = "jobs.due";
/** Heard by all of them. */
export const stopSubject = "jobs.stop";

/** Without it a job that is due is found within a second or so. */
export function announceJobs({ bus }: { bus: Pick<Bus, "publish"> }, kind: string): void {
  bus.publish(dueSubject, { kind });
}

/** After `cancelJob`, or `retryJob`: without it the worker of one that runs hears of it within some seconds. */
export function announceCancelled({ bus }: { bus: Pick<Bus, "publish"> }): void {
  bus.publish(stopSubject, {});
}
