import { DpgError, HarnessError, MachineError } from "../../model/errors.ts";

type Explanation = (parts: { message: string; cause: unknown }) => DpgError;

/** What the engine's words mean, and the way out. The first that matches wins. */
const explanations: readonly (readonly [RegExp, Explanation])[] = [
  [
    /no space left on device|disk quota exceeded/i,
    machine(
      "disk-full",
      "Free some disk space: `docker system df` shows what the engine uses, `docker system prune` frees it.",
    ),
  ],
  [
    /no such image|pull access denied|manifest unknown/i,
    machine("image-missing", "Build the images with `npx dpg-bench setup`."),
  ],
  [
    /address pools have been fully subnetted|non-overlapping IPv4 address pool|Pool overlaps/i,
    machine(
      "address-pool-exhausted",
      "Remove networks that nobody uses: `npx dpg-bench clean`, `docker network prune`; or give the engine more of them (default-address-pools in daemon.json).",
    ),
  ],
  [
    /network with name .* already exists/i,
    machine(
      "network-name-taken",
      "Remove the network of that name (`docker network rm NAME`), or run `npx dpg-bench clean`.",
    ),
  ],
  [
    /container name .* is already in use|Conflict\. The name/i,
    machine(
      "container-name-taken",
      "Remove the container of that name (`docker rm -f NAME`), or run `npx dpg-bench clean`.",
    ),
  ],
  [
    /port is already allocated|address already in use/i,
    machine("port-taken", "End what listens on that port (`ss -ltnp` names it), and try again."),
  ],
  [
    /ECONNREFUSED|ENOENT.*sock|socket hang up|ECONNRESET|EPIPE/i,
    machine("docker-not-running", "The Docker Engine went away: start it again with `npx dpg-bench setup`."),
  ],
  [
    /EACCES|permission denied.*docker\.sock/i,
    machine("docker-no-rights", "Add yourself to the group `docker`, or run as root."),
  ],
];

/** The engine's error as one that says what was wanted, what stood in the way, and what to do about it. */
export function explainEngineError(wanted: string, cause: unknown): DpgError {
  if (cause instanceof DpgError) return cause;
  const found = cause instanceof Error ? cause.message : String(cause);
  const message = `Expected the container engine to ${wanted}, found: ${found.trim()}`;
  const explain = explanations.find(([pattern]) => pattern.test(found))?.[1];
  if (explain !== undefined) return explain({ message, cause });
  return new HarnessError({
    code: "engine-refused",
    message,
    hint: "Run `npx dpg-bench doctor`; the engine's log says more.",
    cause,
  });
}

function machine(code: string, mend: string): Explanation {
  return (parts) => new MachineError({ ...parts, code, hint: mend });
}
