import { EtcdError, type EtcdGateway } from "./etcd-gateway.ts";
import { decode, encode } from "./etcd-words.ts";

interface StoredKey {
  value: string;
  created: number;
  changed: number;
  lease: string;
}

/** An etcd in memory, with what the guards use of it: transactions of single keys and prefixes, and leases by a clock that is handed in. */
export class FakeEtcd {
  readonly keys = new Map<string, StoredKey>();
  readonly leases = new Map<string, { seconds: number; endsMs: number }>();
  /** The next calls fail so. */
  failing: Error | null = null;
  nowMs = 0;
  #revision = 1;
  #lease = 100;

  /** What is done, and of which no answer comes. */
  isAnswerLost: (path: string, body: object) => boolean = () => false;
  /** What no answer comes of either, and is done only when the next lease is granted, as by an etcd whose disk stands still. */
  isLate: (body: object) => boolean = () => false;
  readonly #late: object[] = [];

  readonly gateway: EtcdGateway = async (path, body) => {
    await Promise.resolve();
    if (this.failing !== null) throw this.failing;
    this.#expire();
    if (path === "/v3/lease/grant") for (const late of this.#late.splice(0)) this.#transact(late);
    if (this.isLate(body)) {
      this.#late.push(body);
      throw new Error("no answer in time");
    }
    const answer = this.#answer(path, body);
    if (this.isAnswerLost(path, body)) throw new Error("no answer in time");
    return answer;
  };

  #answer(path: string, body: object): Record<string, unknown> {
    switch (path) {
      case "/v3/kv/txn":
        return this.#transact(body);
      case "/v3/lease/grant":
        return { ID: this.grant(Number((body as { TTL: string }).TTL)) };
      case "/v3/lease/keepalive":
        return { result: { TTL: this.renew((body as { ID: string }).ID) ? "3" : "0" } };
      case "/v3/lease/revoke":
        if (!this.leases.has((body as { ID: string }).ID))
          throw new EtcdError("etcdserver: requested lease not found", 5);
        this.revoke((body as { ID: string }).ID);
        return {};
      case "/v3/lease/timetolive": {
        const lease = this.leases.get((body as { ID: string }).ID);
        if (lease === undefined) return { TTL: "-1" };
        const remaining = Math.floor((lease.endsMs - this.nowMs) / 1000);
        return { TTL: String(remaining), grantedTTL: String(lease.seconds) };
      }
      default:
        throw new EtcdError(`no such call: ${path}`, 12);
    }
  }

  put(key: string, value: string, lease = "0"): string {
    const before = this.keys.get(key);
    this.#revision += 1;
    this.keys.set(key, { value, lease, created: before?.created ?? this.#revision, changed: this.#revision });
    return String(this.#revision);
  }

  value(key: string): string | undefined {
    this.#expire();
    return this.keys.get(key)?.value;
  }

  /** Values of all keys that begin so, by the rest of their names. */
  below(prefix: string): Record<string, string> {
    this.#expire();
    const found = [...this.keys].filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(found.map(([key, { value }]) => [key.slice(prefix.length), value]));
  }

  grant(seconds: number): string {
    this.#lease += 1;
    this.leases.set(String(this.#lease), { seconds, endsMs: this.nowMs + seconds * 1000 });
    return String(this.#lease);
  }

  renew(id: string): boolean {
    const lease = this.leases.get(id);
    if (lease === undefined) return false;
    lease.endsMs = this.nowMs + lease.seconds * 1000;
    return true;
  }

  revoke(id: string): void {
    this.leases.delete(id);
    for (const [key, { lease }] of [...this.keys]) if (lease === id) this.keys.delete(key);
  }

  #expire(): void {
    for (const [id, { endsMs }] of [...this.leases]) if (endsMs <= this.nowMs) this.revoke(id);
  }

  #transact({ compare = [], success = [] }: Transaction): Record<string, unknown> {
    if (!compare.every((one) => this.#holds(one))) return {};
    return { succeeded: true, responses: success.map((operation) => this.#operate(operation)) };
  }

  #holds(one: Compare): boolean {
    const key = this.keys.get(decode(one.key));
    switch (one.target) {
      case "CREATE":
        return String(key?.created ?? 0) === one.create_revision;
      case "MOD":
        return String(key?.changed ?? 0) === one.mod_revision;
      case "VALUE":
        return key !== undefined && encode(key.value) === one.value;
      case "LEASE":
        return key !== undefined && key.lease === one.lease;
    }
  }

  #operate({ request_range: range, request_put: put, request_delete_range: remove }: Operation): object {
    if (put !== undefined) this.put(decode(put.key), decode(put.value), put.lease);
    if (remove !== undefined) this.keys.delete(decode(remove.key));
    if (range === undefined) return {};
    const [from, to] = [decode(range.key), range.range_end === undefined ? null : decode(range.range_end)];
    const found = [...this.keys]
      .filter(([key]) => (to === null ? key === from : key >= from && key < to))
      .sort(([, one], [, other]) => (range.sort_order === "DESCEND" ? other.changed - one.changed : 0))
      .slice(0, Number(range.limit ?? Infinity));
    const kvs = found.map(([key, { value, changed, lease }]) => ({
      key: encode(key),
      value: encode(value),
      mod_revision: String(changed),
      ...(lease === "0" ? {} : { lease }),
    }));
    return { response_range: { kvs } };
  }
}

interface Compare {
  readonly key: string;
  readonly target: "CREATE" | "MOD" | "VALUE" | "LEASE";
  readonly create_revision?: string;
  readonly mod_revision?: string;
  readonly value?: string;
  readonly lease?: string;
}

interface Operation {
  readonly request_range?: {
    readonly key: string;
    readonly range_end?: string;
    readonly limit?: string;
    readonly sort_order?: string;
  };
  readonly request_put?: { readonly key: string; readonly value: string; readonly lease?: string };
  readonly request_delete_range?: { readonly key: string };
}

interface Transaction {
  readonly compare?: readonly Compare[];
  readonly success?: readonly Operation[];
}
