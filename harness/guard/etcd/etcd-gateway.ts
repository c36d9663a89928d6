import { Agent, request } from "node:http";
import { resolveHost } from "../../support/resolve-host.ts";
import type { GuardProcessSpec } from "../protocol/guard-spec.ts";

/** Nothing that a healthy etcd is asked for here takes as long. */
const CALL_MS = 1000;

/** etcd answered, with an error of its own: `code` is gRPC's. */
export class EtcdError extends Error {
  override readonly name = "EtcdError";
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
  /** The user that the guard is has no right to do this, or none at all. */
  get isRefused(): boolean {
    return (
      this.code === 7 ||
      this.code === 16 ||
      /user name is empty|authentication failed|invalid auth token/.test(this.message)
    );
  }
}

/** One member of etcd, asked by its gateway for JSON over HTTP, as Patroni asks it. Rejects where it does not answer in time. */
export type EtcdGateway = (path: string, body: object) => Promise<Record<string, unknown>>;

/**
 * A gRPC client would cost a guard half of the memory that it may use. Logs in where a user is named, and again when etcd no
 * longer knows the token.
 */
export function etcdGateway({ host, port, user, password }: GuardProcessSpec["etcd"]): EtcdGateway {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let address: string | null = null;
  let token: string | null = null;

  const post: EtcdGateway = async (path, body) => {
    const at = (address ??= await resolveHost(host));
    try {
      return await postJson({ agent, host: at, port, path, token }, body);
    } catch (error) {
      // A member that was started anew may have another address.
      if (!(error instanceof EtcdError)) address = null;
      throw error;
    }
  };
  const logIn = async (): Promise<void> => {
    token = null;
    const { token: got } = await post("/v3/auth/authenticate", { name: user, password });
    token = String(got);
  };
  return async (path, body) => {
    if (user === undefined) return await post(path, body);
    if (token === null) await logIn();
    try {
      return await post(path, body);
    } catch (error) {
      if (!(error instanceof EtcdError) || !error.message.includes("invalid auth token")) throw error;
      await logIn();
      return await post(path, body);
    }
  };
}

function postJson(
  at: {
    readonly agent: Agent;
    readonly host: string;
    readonly port: number;
    readonly path: string;
    readonly token: string | null;
  },
  body: object,
): Promise<Record<string, unknown>> {
  const { token, ...target } = at;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...target,
        method: "POST",
        headers: token === null ? {} : { authorization: token },
        signal: AbortSignal.timeout(CALL_MS),
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          try {
            resolve(readAnswer(response.statusCode ?? 0, Buffer.concat(parts).toString()));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      },
    );
    call.on("error", reject);
    call.end(JSON.stringify(body));
  });
}

/** An answer of several lines (a stream's) is its first. */
function readAnswer(status: number, text: string): Record<string, unknown> {
  let read: unknown;
  try {
    read = JSON.parse(text.split("\n", 1)[0] ?? "");
  } catch {
    throw new Error(`etcd answered with status ${status} and no JSON`);
  }
  const answer = read as Record<string, unknown>;
  if (status === 200) return answer;
  const { error, message, code } = answer as { error?: string; message?: string; code?: number };
  throw new EtcdError(message ?? error ?? `status ${status}`, code ?? -1);
}
