import { get as httpGet } from "node:http";
import { whyUnsafeMode } from "./decide/decide-release.ts";
import { EtcdError, type EtcdGateway } from "./etcd/etcd-gateway.ts";
import { get, getAll, keysRead, mustBe, put, readKey, remove, type EtcdKeyValue } from "./etcd/etcd-words.ts";
import { guardKeys, type GuardedGroup, type GuardedMember } from "./protocol/guard-spec.ts";
import { resolveHost } from "../support/resolve-host.ts";

/** Patroni's versions whose keys in etcd are known: the first numbers. */
const KNOWN_MAJORS = [3, 4];
const CALL_MS = 2000;

/** The guard must not start: what was expected, what was found, and what to do. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(where: string, expected: string, found: string, todo: string) {
    super(`${where}: expected ${expected}, found ${found}.\n  ${todo}`);
  }
}

/** It cannot be checked yet: etcd, the scope or its members are not there. */
export class NotYet extends Error {
  override readonly name = "NotYet";
}

/** What a member says of its Patroni, `GET /patroni`; rejects without an answer. */
export type AskPatroni = (member: GuardedMember) => Promise<string>;

/**
 * Whether this group may be guarded by this guard: it has the rights that it needs, the scope is of the cluster that it guards, its
 * Patroni is one whose keys are known, and an old primary can acknowledge nothing alone. Resolves with the system's identifier.
 */
export async function startChecks(
  etcd: EtcdGateway,
  guarded: GuardedGroup,
  me: string,
  askPatroni: AskPatroni = askOverHttp,
): Promise<string> {
  await checkRights(etcd, guarded, me);
  const { initialize, config } = await readScope(etcd, guarded);
  await checkVersion(guarded, askPatroni);
  const unsafe = whyUnsafeMode(config);
  if (unsafe !== null)
    throw new Refusal(
      `${guarded.patroniFolder}config`,
      "synchronous_mode true",
      unsafe,
      "Set it with patronictl edit-config -s synchronous_mode=true, or leave this group unguarded.",
    );
  return await checkIdentity(etcd, guarded, initialize);
}

/** A transaction that is never done, because no key is absent and has a value, and for which etcd asks for all the rights. */
async function checkRights(
  etcd: EtcdGateway,
  { patroniFolder, guardFolder }: GuardedGroup,
  me: string,
): Promise<void> {
  const leader = `${patroniFolder}leader`;
  const probe = guardFolder + guardKeys.votes + me;
  try {
    await etcd("/v3/kv/txn", {
      compare: [mustBe.value(probe, "what no key holds"), mustBe.absent(probe)],
      success: [
        get(`${patroniFolder}config`),
        remove(leader),
        put(`${patroniFolder}members/${me}`, "{}"),
        put(probe, ""),
        getAll(guardFolder),
      ],
    });
  } catch (error) {
    if (!(error instanceof EtcdError)) throw new NotYet(`etcd does not answer (${String(error)})`);
    if (!error.isRefused) throw new NotYet(`etcd: ${error.message}`);
    throw new Refusal(
      leader,
      `a right to read and delete it, and to write below ${patroniFolder} and ${guardFolder}`,
      error.message,
      `Grant the guard's role readwrite on the prefixes ${patroniFolder} and ${guardFolder} (etcdctl role grant-permission), and name its user and password.`,
    );
  }
}

async function readScope(
  etcd: EtcdGateway,
  { patroniFolder }: GuardedGroup,
): Promise<{ readonly initialize: string; readonly config: string }> {
  const answer = await transact(etcd, {
    success: ["initialize", "config", "leader"].map((name) => get(patroniFolder + name)),
  });
  const [initialize, config, leader] = keysRead(answer).map(valueOf);
  if (initialize === undefined || initialize === "")
    throw new NotYet(`expected the key initialize in ${patroniFolder}, found none: is it Patroni's scope?`);
  if (config === undefined || config === "" || leader === undefined || leader === "")
    throw new NotYet(`expected the keys config and leader in ${patroniFolder}, and not all are there`);
  return { initialize, config };
}

/** For rights that are there: what goes wrong now may be right in a moment. */
async function transact(etcd: EtcdGateway, transaction: object): Promise<Record<string, unknown>> {
  return await etcd("/v3/kv/txn", transaction).catch((error: unknown) => {
    throw new NotYet(`etcd does not answer (${String(error)})`);
  });
}

function valueOf(found: readonly EtcdKeyValue[]): string {
  return found[0] === undefined ? "" : readKey(found[0]).value;
}

async function checkVersion({ group, members }: GuardedGroup, askPatroni: AskPatroni): Promise<void> {
  const answers = await Promise.allSettled(members.map((member) => askPatroni(member)));
  const bodies = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  if (bodies.length === 0)
    throw new NotYet(
      `GET /patroni got no answer from any member of ${group} (${members.map(({ host, restPort }) => `${host}:${restPort}`).join(", ")})`,
    );
  for (const body of bodies) {
    const version = patroniVersion(body);
    const known = KNOWN_MAJORS.includes(Number(version?.split(".")[0]));
    if (!known)
      throw new Refusal(
        `Patroni of ${group}`,
        `version ${KNOWN_MAJORS.map((major) => `${major}.x`).join(" or ")}, whose keys in etcd are known`,
        version ?? "an answer that names no version",
        "Leave this cluster unguarded until its keys have been looked at.",
      );
  }
}

function patroniVersion(body: string): string | null {
  try {
    const { patroni } = JSON.parse(body) as { readonly patroni?: { readonly version?: unknown } };
    return typeof patroni?.version === "string" ? patroni.version : null;
  } catch {
    return null;
  }
}

/** The guards remember which system they took the scope to be of: one that was made anew under the same name is another. */
async function checkIdentity(
  etcd: EtcdGateway,
  { patroniFolder, guardFolder, systemIdentifier }: GuardedGroup,
  initialize: string,
): Promise<string> {
  const key = guardFolder + guardKeys.guarded;
  if (systemIdentifier === undefined)
    await transact(etcd, { compare: [mustBe.absent(key)], success: [put(key, initialize)] });
  const answer = await transact(etcd, { success: [get(key)] });
  const expected = systemIdentifier ?? valueOf(keysRead(answer)[0] ?? []);
  if (expected === initialize) return initialize;
  throw new Refusal(
    `${patroniFolder}initialize`,
    `system ${expected}, which is guarded`,
    `${initialize}: the scope is another cluster's`,
    systemIdentifier === undefined
      ? `If the cluster was made anew on purpose, delete ${key}.`
      : "Name its identifier, or the right scope.",
  );
}

async function askOverHttp({ host, restPort }: GuardedMember): Promise<string> {
  const address = await resolveHost(host);
  return await new Promise((resolve, reject) => {
    httpGet(
      { host: address, port: restPort, path: "/patroni", signal: AbortSignal.timeout(CALL_MS) },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => resolve(Buffer.concat(parts).toString()));
        response.on("error", reject);
      },
    ).on("error", reject);
  });
}
