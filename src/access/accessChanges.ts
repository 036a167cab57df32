import type { Bus } from "../platform/bus/bus.ts";

/** Heard by every process: somebody's rights in the tenant may have changed, look again. Says nothing about whose, so that nothing is told. */
export const accessSubjects = "tenant.*.access";

/** To be called after the commit of whatever takes a right away or gives one: sessions, accounts, roles, tenants. A session without a tenant says null. */
export function announceAccessChange({ bus }: { bus: Pick<Bus, "publish"> }, tenants: Iterable<string | null>): void {
  for (const tenant of new Set(tenants)) bus.publish(`tenant.${tenant ?? "none"}.access`, {});
}

export function tenantOfAccessSubject(subject: string): string | undefined {
  return /^tenant\.([^.]+)\.access$/.exec(subject)?.[1];
}
