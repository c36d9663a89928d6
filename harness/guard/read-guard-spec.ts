import type { GuardProcessSpec } from "./protocol/guard-spec.ts";
import { Refusal } from "./start-checks.ts";

/** What the environment tells a guard. Throws a Refusal where it is not enough, or allows no majority. */
export function readGuardSpec(environment: Readonly<Record<string, string | undefined>>): GuardProcessSpec {
  const text = environment.DPG_GUARD ?? "";
  let read: Partial<GuardProcessSpec>;
  try {
    read = JSON.parse(text) as Partial<GuardProcessSpec>;
  } catch {
    throw new Refusal(
      "DPG_GUARD",
      "the guard's configuration as JSON",
      text === "" ? "none" : "other text",
      "Set it.",
    );
  }
  const { name, guards = [], etcd, groups = [], settings } = read;
  if (name === undefined || etcd === undefined || settings === undefined || groups.length === 0)
    throw new Refusal(
      "DPG_GUARD",
      "name, guards, etcd, groups and settings",
      Object.keys(read).join(", "),
      "Add what is missing.",
    );
  if (guards.length < 3 || guards.length % 2 === 0 || !guards.includes(name))
    throw new Refusal(
      "DPG_GUARD.guards",
      `an odd number of guards, 3 or more, ${name} among them`,
      guards.join(", ") || "none",
      "Run one guard beside each member of etcd, and name them all to each.",
    );
  const user = environment.DPG_GUARD_ETCD_USER ?? etcd.user;
  const password = environment.DPG_GUARD_ETCD_PASSWORD ?? etcd.password;
  return { name, guards, groups, settings, etcd: { host: etcd.host, port: etcd.port, user, password } };
}
