import { type BandTerm, type FailureClass, failureTraits } from "../../model/advice.ts";
import type { HaproxySpec, Topology } from "../../model/topology.ts";
import { clientTerm } from "./shared-terms.ts";

/** How often the observer looks at HAProxy's statistics, and so how late it may see a server down; seconds. */
const observerSeconds = 0.1;

/**
 * How long HAProxy takes to mark a server down, by how it fails. Only the pauses between checks are shortened by
 * fastinter: the time-out of a check is `inter` itself, whatever state the server is in, where no `timeout check` is set
 * (HAProxy 3.0 configuration manual, 4.2: timeout check; src/tcpcheck.c, tcpcheck_eval_connect).
 */
export interface CircuitSeconds {
  /** The server answers every check with an error, or refuses it. */
  readonly refusing: { readonly low: number; readonly high: number };
  /** The server takes the check's connection, or loses its packets, and never answers. */
  readonly hanging: { readonly low: number; readonly high: number };
}

export function circuitSeconds({ interMs, fastinterMs, fall }: HaproxySpec): CircuitSeconds {
  const inter = interMs / 1000;
  const pauses = ((fall - 1) * fastinterMs) / 1000;
  return {
    refusing: { low: pauses, high: inter + pauses },
    hanging: { low: fall * inter + pauses, high: inter + fall * inter + pauses },
  };
}

/** From the fault to the server's being down, for a replica; none where it may be back before that. */
export function circuitOpenTerms({ haproxy }: Topology, failureClass: FailureClass): BandTerm[] {
  if (!failureTraits[failureClass].silences) return [];
  const inter = haproxy.interMs / 1000;
  return [
    {
      name: "the first check that fails begins",
      lowSeconds: 0,
      highSeconds: inter,
      because: `A check begins every inter ${inter} s (HAProxy 3.0 configuration manual, 5.2: inter).`,
    },
    ...checksTerms(haproxy, failureClass),
    {
      name: "the observer sees it",
      lowSeconds: 0,
      highSeconds: observerSeconds,
      because: `It reads HAProxy's statistics every ${observerSeconds} s.`,
    },
  ];
}

function checksTerms({ interMs, fastinterMs, fall }: HaproxySpec, failureClass: FailureClass): BandTerm[] {
  const [inter, fastinter] = [interMs / 1000, fastinterMs / 1000];
  const vanished = failureClass === "node-loss";
  return [
    {
      name: `${fall} checks fail`,
      lowSeconds: vanished ? 0 : fall * inter,
      highSeconds: fall * inter,
      because:
        (vanished
          ? "At best it is out as soon as its name is no longer resolved (resolvers, hold nx 1 s; measured 1.3 and 2.6 s); at worst nobody answers for its address, and each "
          : "It takes connections, or loses packets, and answers nothing: each ") +
        `fails only by its time-out, which is inter ${inter} s in every state (no \`timeout check\` is set): fall ${fall} x ` +
        `${inter} s (HAProxy 3.0 configuration manual, 4.2: timeout check, 5.2: fall).`,
    },
    {
      name: "the pauses between them",
      lowSeconds: vanished ? 0 : (fall - 1) * fastinter,
      highSeconds: (fall - 1) * fastinter,
      because: `(fall ${fall} - 1) x fastinter ${fastinter} s (HAProxy 3.0 configuration manual, 5.2: fastinter).`,
    },
  ];
}

/**
 * What readers feel of a lost replica: until HAProxy has marked it down, it is given its share of the connections by the
 * read-only port. At best every session is on another one, so that nothing is felt.
 */
export function replicaReadTerms({ haproxy, pgbouncer }: Topology, failureClass: FailureClass): BandTerm[] {
  const { refusing, hanging } = circuitSeconds(haproxy);
  const [how, highSeconds] =
    failureClass === "process-crash" ? ["refuses", refusing.high] : ["may hang", hanging.high];
  const down: BandTerm = {
    name: "HAProxy marks it down",
    lowSeconds: 0,
    highSeconds,
    because:
      `Until then it gets its share of new connections; at best no session is on it. A server that ${how} is down after ` +
      `${highSeconds} s at most, from inter ${haproxy.interMs / 1000} s, fastinter ${haproxy.fastinterMs / 1000} s and fall ` +
      `${haproxy.fall} (HAProxy 3.0 configuration manual, 5.2).`,
  };
  if (failureClass !== "process-crash" || !pgbouncer.enabled) return [down, clientTerm];
  return [
    down,
    {
      name: "PgBouncer tries again",
      lowSeconds: 0,
      highSeconds: pgbouncer.serverLoginRetry,
      because:
        "Where it is back before HAProxy has marked it down: after a failed login PgBouncer turns clients away for " +
        `server_login_retry ${pgbouncer.serverLoginRetry} s (PgBouncer manual, server_login_retry).`,
    },
    clientTerm,
  ];
}
