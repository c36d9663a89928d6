const ISOLATE = "DPG_BENCH_ISOLATE";
const LINK = "DPG_BENCH_LINK";
const DELAY = "DPG_BENCH_DELAY";

/**
 * Shell commands that cut a node off: a chain of its own, entered first by all that comes in and all that goes out,
 * which lets through the loopback device and the addresses given, and drops the rest in silence. The rules take
 * effect as a whole. Safe to run again, with other addresses as well.
 */
export function isolateCommand(exceptAddresses: readonly string[]): string {
  return enter(ISOLATE, [
    "-i lo -j RETURN",
    "-o lo -j RETURN",
    ...exceptAddresses.flatMap((address) => [`-s ${address} -j RETURN`, `-d ${address} -j RETURN`]),
    "-j DROP",
  ]);
}

/** Shell commands that take all of it away again, however often it was put there. */
export function rejoinCommand(): string {
  return remove(ISOLATE);
}

/**
 * Shell commands that drop what comes from some addresses, and what goes to some, in a chain of its own as well. It asks
 * for no state of connections: what there is already is cut as well.
 */
export function cutCommand(drop: {
  readonly from: readonly string[];
  readonly to: readonly string[];
}): string {
  return enter(LINK, [
    ...drop.from.map((address) => `-s ${address} -j DROP`),
    ...drop.to.map((address) => `-d ${address} -j DROP`),
  ]);
}

/** Shell commands that take all of it away again, however often it was put there. */
export function mendCommand(): string {
  return remove(LINK);
}

/** Prints the rules of a cut link with their counters; see droppedPackets. */
export function countersCommand(): string {
  return `iptables --wait 5 -nvxL ${LINK}`;
}

/** Packets that the rules have dropped so far, from what countersCommand printed: their number comes first in a line. */
export function droppedPackets(counters: string): number {
  return counters
    .split("\n")
    .map((line) => /^\s*(\d+)\s+\d+\s+DROP\s/.exec(line)?.[1])
    .reduce((sum, packets) => sum + Number(packets ?? 0), 0);
}

/** As dpg-delay-packets has it. */
const QUEUE = 5050;
/** It ends by itself then; packets of a queue that nobody reads go at once. */
const DELAY_LASTS_SECONDS = 600;
const DELAY_PID = "/run/dpg-delay-packets.pid";
const DELAY_OUTPUT = "/run/dpg-delay-packets.out";

/**
 * Shell commands that put all packets that go out, but for those to the addresses given, into a queue, out of which a
 * program lets each go so much later (netem, which could do it alone, is not in every kernel). Fails with what the program
 * printed where the kernel has no such queue.
 */
export function delayCommand(delayMs: number, exceptAddresses: readonly string[]): string {
  return [
    undelayCommand(),
    `setsid dpg-delay-packets ${delayMs} ${DELAY_LASTS_SECONDS} </dev/null >${DELAY_OUTPUT} 2>&1 & echo $! >${DELAY_PID}`,
    `tries=0; until grep -q ready ${DELAY_OUTPUT}; do`,
    `  tries=$((tries + 1)); if [ $tries -gt 100 ] || ! kill -0 "$(cat ${DELAY_PID})"; then cat ${DELAY_OUTPUT}; exit 1; fi; sleep 0.1`,
    "done",
    enter(
      DELAY,
      [
        "-o lo -j RETURN",
        ...exceptAddresses.map((address) => `-d ${address} -j RETURN`),
        `-j NFQUEUE --queue-num ${QUEUE} --queue-bypass`,
      ],
      ["OUTPUT"],
    ),
  ].join("\n");
}

/** Shell commands that take all of it away again; what waits goes at once. */
export function undelayCommand(): string {
  return [
    remove(DELAY),
    `[ ! -s ${DELAY_PID} ] || kill "$(cat ${DELAY_PID})" 2>/dev/null || :`,
    `rm -f ${DELAY_PID} ${DELAY_OUTPUT}`,
  ].join("\n");
}

/** Prints the milliseconds that a connection takes to be refused: port 9 is nobody's, and answered by the kernel. */
export function roundTripCommand(address: string): string {
  return `python3 -c '
import socket, time
one = socket.socket()
one.settimeout(5)
begun = time.monotonic()
try:
    one.connect(("${address}", 9))
except ConnectionRefusedError:
    pass
print(round((time.monotonic() - begun) * 1000, 2))'`;
}

function enter(chain: string, rules: readonly string[], hooks = ["INPUT", "OUTPUT"]): string {
  return [
    remove(chain),
    "iptables-restore --wait 5 --noflush <<RULES",
    "*filter",
    `:${chain} - [0:0]`,
    ...rules.map((rule) => `-A ${chain} ${rule}`),
    ...hooks.map((hook) => `-I ${hook} 1 -j ${chain}`),
    "COMMIT",
    "RULES",
  ].join("\n");
}

function remove(chain: string): string {
  return [
    `while iptables --wait 5 -D INPUT -j ${chain} 2>/dev/null; do :; done`,
    `while iptables --wait 5 -D OUTPUT -j ${chain} 2>/dev/null; do :; done`,
    `iptables --wait 5 -F ${chain} 2>/dev/null && iptables --wait 5 -X ${chain} || :`,
  ].join("\n");
}
