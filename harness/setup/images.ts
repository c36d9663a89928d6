import path from "node:path";
import type Dockerode from "dockerode";
import { connectEngine } from "../runtime/docker/engine.ts";
import type { BuiltExtension } from "../cluster/database-needs.ts";
import { nodePackages } from "../cluster/node-packages.ts";
import type { Progress } from "../model/progress.ts";
import { packageRoot } from "../package-root.ts";
import { ensureBase, findBase, imageId, type BaseNames } from "./base-image.ts";
import { buildExtension, extensionContext } from "./extension-build.ts";
import { buildImage } from "./build-image.ts";
import { requireDiskSpace } from "./disk-space.ts";
import { hashContext, readContext, type ImageContext } from "./image-context.ts";
import { findK6, type K6Program } from "./k6-build.ts";
import { installBehindProxy } from "./install-behind-proxy.ts";
import { pruneImages } from "./prune-images.ts";
import { requireExtensions } from "./require-extensions.ts";

export interface ImageOptions {
  /** Base image of the user's own; DPG_BENCH_BASE, else Debian trixie, without it. */
  readonly base?: string | undefined;
  /** Certificates that builds trust besides the usual; SSL_CERT_FILE, else NODE_EXTRA_CA_CERTS, without it. */
  readonly caBundle?: string | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The folder that holds docker/ and dist/agent/; this package's own without it. */
  readonly root?: string;
  /** The repository part of the images' names. */
  readonly repository?: string;
  /** How the base is found; the usual names without it. */
  readonly baseNames?: Omit<BaseNames, "base">;
  readonly engine?: Dockerode;
  /** Extensions of PostgreSQL that the node image must have: a MachineError `extension-missing` where it has not. */
  readonly extensions?: readonly string[];
  /** Extensions that are built, and added to the node image under another name: what did not ask for them has the plain one. */
  readonly builds?: readonly BuiltExtension[];
  /** Gives the program that goes into the agent's image, null: none; without it, one that was built before. */
  readonly k6?: () => Promise<K6Program | null>;
}

/** Names of the two images, tagged by a hash of all that went into them. */
export interface ImageNames {
  readonly node: string;
  readonly agent: string;
}

/** Label of every image of ours: which of the two it is. */
export const IMAGE_LABEL = "org.dpg-bench.image";

/**
 * The node and the agent image, built only when the engine has none of exactly these inputs (files, base image).
 * When both are there, nothing but the engine is asked. Never installs anything on the machine itself.
 */
export async function ensureImages(options: ImageOptions): Promise<ImageNames> {
  const { progress } = options;
  const root = options.root ?? packageRoot();
  const repository = options.repository ?? "dpg-bench";
  const engine = options.engine ?? (await connectEngine());
  const contexts = await readContexts(root);
  const base = await ensureBase(engine, {
    base: chosenBase(options.base),
    progress,
    signal: options.signal,
    ...options.baseNames,
  });
  const inputs = { engine, options, repository };
  const node = await ensureImage("node", {
    ...inputs,
    context: contexts.node,
    from: base.id,
    parameter: "BASE",
  });
  await requireExtensions(engine, {
    image: node.id,
    base: base.name,
    extensions: options.extensions ?? [],
  });
  const agent = await ensureImage("agent", {
    ...inputs,
    context: withK6(contexts.agent, await (options.k6 ?? (() => findK6({ root })))()),
    from: node.id,
    parameter: "NODE_IMAGE",
  });
  let withBuilds = node;
  for (const extension of options.builds ?? [])
    withBuilds = await addExtension(extension, withBuilds, inputs);
  return { node: withBuilds.tag, agent: agent.tag };
}

/** The image with one more extension; that is built only where there is no such image yet. */
async function addExtension(
  extension: BuiltExtension,
  node: ImageName,
  inputs: Pick<ImageInputs, "engine" | "options" | "repository">,
): Promise<ImageName> {
  const { engine, options, repository } = inputs;
  const { progress, signal, root = packageRoot() } = options;
  const kind = `node-${extension}`;
  const request = { extension, root, node: node.id, caBundle: caBundleOf(options), signal };
  const context = await extensionContext(request);
  if ((await imageId(engine, await tagOf(repository, kind, context, node.id))) === null) {
    await requireDiskSpace(engine);
    await buildExtension(engine, request, () =>
      progress.note(`building the extension ${extension}: some minutes, once`),
    );
  }
  return await ensureImage(kind, { ...inputs, context, from: node.id, parameter: "NODE_IMAGE" });
}

/** Whether the two images are there and made of today's inputs; nothing is pulled or built to tell. */
export async function findImages(
  engine: Dockerode,
  options: { readonly base?: string | undefined; readonly root?: string } = {},
): Promise<{ readonly node: string | null; readonly agent: string | null }> {
  const root = options.root ?? packageRoot();
  const contexts = await readContexts(root);
  const base = await findBase(engine, { base: chosenBase(options.base) });
  if (base === null) return { node: null, agent: null };
  const node = await tagOf("dpg-bench", "node", contexts.node, base.id);
  const nodeId = await imageId(engine, node);
  if (nodeId === null) return { node: null, agent: null };
  const agentContext = withK6(contexts.agent, await findK6({ root }));
  const agent = await tagOf("dpg-bench", "agent", agentContext, nodeId);
  return { node, agent: (await imageId(engine, agent)) === null ? null : agent };
}

async function readContexts(
  root: string,
): Promise<{ readonly node: ImageContext; readonly agent: ImageContext }> {
  const [node, agent] = await Promise.all([
    readContext({ "": path.join(root, "docker/node") }),
    readContext({ "": path.join(root, "docker/agent"), "dist-agent": path.join(root, "dist/agent") }),
  ]);
  return { node: withPackages(node), agent };
}

/** The node image's own list of packages, one a line. */
function withPackages(context: ImageContext): ImageContext {
  const content = nodePackages()
    .map((name) => `${name}\n`)
    .join("");
  return { files: [...context.files, { name: "packages", executable: false, content }] };
}

function withK6(context: ImageContext, k6: K6Program | null): ImageContext {
  if (k6 === null) return context;
  const file = { source: k6.file, name: "k6/k6", executable: true, fingerprint: k6.fingerprint };
  return { files: [...context.files, file] };
}

async function tagOf(repository: string, kind: string, context: ImageContext, from: string): Promise<string> {
  const hash = await hashContext(context, [from]);
  return `${repository}/${kind}:${hash.slice(0, 12)}`;
}

interface ImageInputs {
  readonly engine: Dockerode;
  readonly options: ImageOptions;
  readonly repository: string;
  readonly context: ImageContext;
  /** Id of the image it is built on, and the build argument that says so. */
  readonly from: string;
  readonly parameter: string;
}

interface ImageName {
  readonly tag: string;
  readonly id: string;
}

async function ensureImage(kind: string, inputs: ImageInputs): Promise<ImageName> {
  const { engine, options, repository, context, from, parameter } = inputs;
  const tag = await tagOf(repository, kind, context, from);
  const present = await imageId(engine, tag);
  if (present !== null) return { tag, id: present };

  await requireDiskSpace(engine);
  options.progress.note(`building the ${kind} image (${tag})`);
  const caBundle = caBundleOf(options);
  const prepared =
    caBundle === undefined
      ? from
      : await installBehindProxy(engine, { from, context, caBundle, signal: options.signal });
  await buildImage(engine, {
    tag,
    context,
    buildArguments: { [parameter]: prepared },
    labels: { [IMAGE_LABEL]: kind },
    onLine: (line) => options.progress.detail(`${kind} image: ${line}`),
    signal: options.signal,
  });
  await pruneImages(engine, {
    repository: `${repository}/${kind}`,
    label: `${IMAGE_LABEL}=${kind}`,
    justBuilt: tag,
  });
  const id = await imageId(engine, tag);
  return { tag, id: id ?? tag };
}

function caBundleOf({ caBundle }: ImageOptions): string | undefined {
  return caBundle ?? nonEmpty(process.env.SSL_CERT_FILE) ?? nonEmpty(process.env.NODE_EXTRA_CA_CERTS);
}

function chosenBase(base: string | undefined): string | undefined {
  return base ?? nonEmpty(process.env.DPG_BENCH_BASE);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
