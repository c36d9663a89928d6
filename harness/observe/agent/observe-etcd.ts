import { setTimeout as delay } from "node:timers/promises";
import { Etcd3, type Watcher } from "etcd3";
import { leaderKeys, type LeaderKeys } from "./leader-keys.ts";
import type { EtcdMembers } from "./observe-etcd-members.ts";
import { RETRY_MS, within, type Observing } from "./observing.ts";
import { GUARD_KEYS, PATRONI_KEYS } from "../../model/layout.ts";
import type { ObservedGroup } from "../protocol/observer-spec.ts";

const CALL_MS = 1000;
/** Finds out that the watched member is silent. etcd ends connections that send keep-alives more often than every 5 s. */
const KEEPALIVE_MS = 5100;
const LOOK_MS = 100;
/** One watch, so that there is one revision up to which it has seen: from the guards' keys to the end of Patroni's, which come later. */
const WATCHED = { start: GUARD_KEYS, end: `${PATRONI_KEYS.slice(0, -1)}0` };

/**
 * Watches every group's leader key. The watch is made anew on another member of etcd when the one it was made on dies,
 * or knows no leader any more: cut off from the others, it would go on saying that nothing changes. It then goes on
 * from the revision it had, or, where etcd no longer has that revision, reads the keys again. `etcd-watch` events say
 * when nothing was seen.
 */
export async function observeEtcd(
  members: Pick<EtcdMembers, "hosts" | "isLed">,
  groups: readonly ObservedGroup[],
  observing: Observing,
): Promise<void> {
  const keys = leaderKeys(groups, observing);
  const state = { connected: false };
  const tell = (connected: boolean, reason: string | null): void => {
    if (connected === state.connected) return;
    state.connected = connected;
    observing.emit({ kind: "etcd-watch", atUs: observing.nowUs(), connected, reason });
  };
  for (let turn = 0; !observing.signal.aborted; turn++) {
    const hosts = members.hosts();
    const host = hosts[turn % hosts.length];
    if (host === undefined) tell(false, "no member of etcd knows a leader");
    else
      tell(
        false,
        await watchOnce({ host, isLed: () => members.isLed(host) }, keys, observing, () => tell(true, null)),
      );
    await delay(RETRY_MS, undefined, { signal: observing.signal }).catch(() => undefined);
  }
}

/** Resolves with the reason when the watch has ended. */
async function watchOnce(
  { host, isLed }: { readonly host: string; readonly isLed: () => boolean },
  keys: LeaderKeys,
  observing: Observing,
  onConnected: () => void,
): Promise<string> {
  const client = new Etcd3({
    hosts: [host],
    dialTimeout: CALL_MS,
    grpcOptions: {
      "grpc.keepalive_time_ms": KEEPALIVE_MS,
      "grpc.keepalive_timeout_ms": CALL_MS,
    },
    defaultCallOptions: (call) => (call.isStream ? {} : { deadline: Date.now() + CALL_MS }),
  });
  const watchers: Watcher[] = [];
  let look: NodeJS.Timeout | undefined;
  const unled = new Promise<string>((resolve) => {
    look = setInterval(() => {
      if (!isLed()) resolve(`${host} knows no leader`);
    }, LOOK_MS);
  });
  try {
    if (keys.revision() === null) {
      const { header, kvs } = await within(CALL_MS, "etcd", client.getAll().inRange(WATCHED).exec());
      keys.read(
        header.revision,
        kvs.map(({ key, value }) => ({ key: key.toString(), value: value.toString() })),
      );
    }
    // Not create(): listeners must be there before the first change arrives.
    const watcher = client.watch().inRange(WATCHED).startRevision(String(keys.revision())).watcher();
    watchers.push(watcher);
    return await Promise.race([ended(watcher, keys, observing.signal, onConnected), unled]);
  } catch (error) {
    return String(error);
  } finally {
    clearInterval(look);
    // A watcher that is not cancelled would go on re-connecting by itself.
    for (const watcher of watchers) watcher.cancel().catch(() => undefined);
    client.close();
  }
}

function ended(
  watcher: Watcher,
  keys: LeaderKeys,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<string> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(`no answer within ${CALL_MS} ms`), CALL_MS);
    watcher.on("connected", () => {
      clearTimeout(late);
      onConnected();
    });
    watcher.on("data", ({ header, events }) =>
      keys.changed(
        header.revision,
        events.map(({ type, kv }) => ({
          key: kv.key.toString(),
          value: type === "Delete" ? null : kv.value.toString(),
        })),
      ),
    );
    watcher.on("disconnected", (error) => resolve(String(error)));
    watcher.on("error", (error) => {
      // A cancelled watch: the revision is compacted away. What is known is read again.
      keys.forgetRevision();
      resolve(String(error));
    });
    signal.addEventListener("abort", () => resolve("the observer ends"), { once: true });
  });
}
