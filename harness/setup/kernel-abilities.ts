import type Dockerode from "dockerode";
import { withinBudget } from "../runtime/docker/within-budget.ts";

/** What containers of this engine can do, tried for real; null where it could not be told. */
export interface KernelAbilities {
  /** Dropping packets: network isolation needs it. */
  readonly iptables: boolean;
  /** Delaying packets, by a program that lets each go later. */
  readonly packetQueues: boolean;
  /** Delaying and losing packets, by the kernel alone. */
  readonly netem: boolean;
  /** Limiting bandwidth. */
  readonly tbf: boolean;
  /** Whether a container limited to a quarter of a CPU is held back. */
  readonly cpuLimits: boolean | null;
}

const PROBE_BUDGET_MS = 60_000;

const SCRIPT = `
try() { name=$1; shift; if "$@" >/dev/null 2>&1; then echo "$name=yes"; else echo "$name=no"; fi; }
try iptables iptables -A INPUT -s 192.0.2.1 -j DROP
dpg-delay-packets 1 1 > /tmp/delay 2>&1 & sleep 0.4
grep -q ready /tmp/delay && try packetQueues iptables -A OUTPUT -j NFQUEUE --queue-num 5050 --queue-bypass
iptables -F OUTPUT 2>/dev/null
try netem tc qdisc add dev lo root netem delay 1ms
tc qdisc del dev lo root 2>/dev/null
try tbf tc qdisc add dev lo root tbf rate 1mbit burst 32kbit latency 50ms
timeout 1 sh -c 'while :; do :; done'
echo "throttled=$(cat /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null | sed -n 's/^nr_throttled //p')"
`;

/** Tries each ability in a container of the node image that has no network but its own loopback; about two seconds. */
export async function probeKernel(engine: Dockerode, image: string): Promise<KernelAbilities> {
  const container = await engine.createContainer({
    Image: image,
    User: "root",
    Entrypoint: ["sh", "-c", SCRIPT],
    Cmd: [],
    Tty: true,
    HostConfig: { AutoRemove: true, NetworkMode: "none", CapAdd: ["NET_ADMIN"], NanoCpus: 250_000_000 },
  });
  return await withinBudget("try what the kernel can do", PROBE_BUDGET_MS, async (signal) => {
    const output = await container.attach({ stream: true, stdout: true, stderr: true, abortSignal: signal });
    await container.start({ abortSignal: signal });
    let text = "";
    for await (const chunk of output) text += String(chunk);
    return parseAbilities(text);
  });
}

/** Reads the script's lines: pure. */
export function parseAbilities(text: string): KernelAbilities {
  const says = (name: string) => new RegExp(`^${name}=(\\S*)`, "m").exec(text)?.[1] ?? "";
  const throttled = says("throttled");
  return {
    iptables: says("iptables") === "yes",
    packetQueues: says("packetQueues") === "yes",
    netem: says("netem") === "yes",
    tbf: says("tbf") === "yes",
    cpuLimits: throttled === "" ? null : Number(throttled) > 0,
  };
}
