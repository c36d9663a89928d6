import type { Endpoint } from "../../model/layout.ts";
import { getOverHttp } from "./get-over-http.ts";
import { lookRegularly, onChange, RETRY_MS, type Observing } from "./observing.ts";

const TIMEOUT_MS = 1000;
const BACKENDS = ["read_write", "read_only"];

/**
 * Watches the state of every server behind HAProxy's two backends. While HAProxy itself does not answer, nothing
 * is said of its servers: what they were stays what was seen last.
 */
export async function observeHaproxy(
  target: Endpoint & { readonly everyMs: number },
  observing: Observing,
): Promise<void> {
  const emitters = new Map<string, ReturnType<typeof onChange>>();
  await lookRegularly(observing.signal, async () => {
    try {
      const { host, port, everyMs } = target;
      const csv = await getOverHttp({ host, port, path: "/stats;csv", timeoutMs: TIMEOUT_MS });
      const atUs = observing.nowUs();
      for (const { backend, server, status } of proxyServers(csv)) {
        const key = `${backend}/${server}`;
        const emit = emitters.get(key) ?? onChange(observing);
        emitters.set(key, emit);
        emit({ kind: "proxy-server", atUs, backend, server, status, up: isUp(status) });
      }
      return everyMs;
    } catch {
      return RETRY_MS;
    }
  });
}

/** The servers of the two backends in HAProxy's statistics: comma-separated, the first line names the columns after `# `. */
export function proxyServers(csv: string): { backend: string; server: string; status: string }[] {
  const [header = "", ...lines] = csv.split("\n");
  const statusColumn = header.replace(/^# /, "").split(",").indexOf("status");
  if (statusColumn < 0) throw new Error("HAProxy's statistics have no column `status`");
  return lines.flatMap((line) => {
    const [backend = "", server = "", ...rest] = line.split(",", statusColumn + 1);
    const isServer = server !== "" && server !== "FRONTEND" && server !== "BACKEND";
    return BACKENDS.includes(backend) && isServer
      ? [{ backend, server, status: rest[statusColumn - 2] ?? "" }]
      : [];
  });
}

/** `UP`, `UP 1/3` (failing, still in use) and `no check` get traffic; `DOWN`, `DOWN 1/2`, `MAINT`, `NOLB` do not. */
function isUp(status: string): boolean {
  return status.startsWith("UP") || status === "no check";
}
