import { randomBytes } from "node:crypto";
import path from "node:path";
import type Dockerode from "dockerode";
import { clusterLabels } from "../runtime/docker/labels.ts";
import { currentOwner } from "../runtime/docker/owner.ts";
import { readLog } from "../runtime/docker/read-logs.ts";
import { HarnessError } from "../model/errors.ts";
import { contentOf, type ImageContext } from "./image-context.ts";

interface ProxyRequest {
  /** Id of the image that the packages are installed on. */
  readonly from: string;
  /** Its Dockerfile names the packages, as arguments of dpg-install-packages. */
  readonly context: ImageContext;
  /** A PEM file of this machine. */
  readonly caBundle: string;
  readonly signal: AbortSignal;
}

/** Where dpg-install-packages looks for certificates. */
const BUNDLE_IN_CONTAINER = "/run/dpg-bench-ca.crt";

/** The exit code by which the script says that no source is https, so that no bundle is needed. */
const NOTHING_TO_DO = 100;
const LOG_BUDGET_MS = 30_000;

const INSTALL_SCRIPT = `
grep -qs https: /etc/apt/sources.list /etc/apt/sources.list.d/* || exit ${NOTHING_TO_DO}
install=$(command -v dpg-install-packages || echo /tmp/dpg-install-packages)
exec sh "$install" "$@"`;

/**
 * The image to build on where apt's sources are https and a company proxy re-signs them: the packages are installed
 * in a container that has the CA bundle mounted, which is then committed. So the bundle is in no layer, and the
 * Dockerfile finds every package present. Resolves with `from` itself where no source is https.
 */
export async function installBehindProxy(engine: Dockerode, request: ProxyRequest): Promise<string> {
  const packages = await packagesOf(request.context);
  if (packages.length === 0) return request.from;
  const container = await engine.createContainer({
    Image: request.from,
    User: "root",
    Entrypoint: ["sh", "-c", INSTALL_SCRIPT, "install", ...packages],
    Cmd: [],
    // Labelled like a run's: should this process be killed, the next start or `clean` removes it.
    Labels: clusterLabels(
      {
        id: randomBytes(4).toString("hex"),
        runId: "image-build",
        mode: "run",
        topology: "image-build",
        database: "",
        owner: currentOwner(),
      },
      "image-build",
    ),
    HostConfig: {
      Binds: [
        `${path.resolve(request.caBundle)}:${BUNDLE_IN_CONTAINER}:ro`,
        ...installerMount(request.context),
      ],
    },
  });
  // Creating takes a moment and is not called off: half way, the engine would make a container that nobody knows.
  try {
    request.signal.throwIfAborted();
    await container.start();
    const { StatusCode } = (await container.wait({ abortSignal: request.signal })) as { StatusCode: number };
    if (StatusCode === NOTHING_TO_DO) return request.from;
    if (StatusCode !== 0) throw await installFailed(container, StatusCode);
    const { Id } = (await container.commit({ abortSignal: request.signal })) as { Id: string };
    return Id;
  } catch (error) {
    request.signal.throwIfAborted();
    throw error;
  } finally {
    await container.remove({ force: true });
  }
}

/** The arguments of every `RUN dpg-install-packages` of the Dockerfile, line continuations joined; of `@FILE` its words. */
export async function packagesOf(context: ImageContext): Promise<readonly string[]> {
  const dockerfile = context.files.find((file) => file.name === "Dockerfile");
  if (dockerfile === undefined) return [];
  const text = String(await contentOf(dockerfile)).replaceAll(/\\\n/g, " ");
  const named = [...text.matchAll(/^RUN dpg-install-packages([^&;\n]*)/gm)].flatMap((match) =>
    wordsOf(match[1] ?? ""),
  );
  const words = named.map(async (word) => {
    const list = context.files.find(({ name }) => word.startsWith("@") && name === path.basename(word));
    return list === undefined ? [word] : wordsOf(String(await contentOf(list)));
  });
  return (await Promise.all(words)).flat();
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** The node image brings the installer along; its base does not. */
function installerMount(context: ImageContext): readonly string[] {
  const installer = context.files.find((file) => file.name === "install-packages");
  return installer === undefined || "content" in installer
    ? []
    : [`${installer.source}:/tmp/dpg-install-packages:ro`];
}

async function installFailed(container: Dockerode.Container, status: number): Promise<HarnessError> {
  const log = await readLog(container, {
    what: "tell how an image's packages were installed",
    budgetMs: LOG_BUDGET_MS,
    timestamps: false,
    tail: 15,
  });
  return new HarnessError({
    code: "image-build-failed",
    message: `Expected the packages of an image to install with the company's CA bundle, found exit code ${status}.`,
    hint: `The last lines were:\n${log.replaceAll(/[^\n\x20-\x7e]/g, "")}`,
  });
}
