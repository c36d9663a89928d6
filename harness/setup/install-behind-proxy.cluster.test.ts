import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../runtime/docker/engine.ts";
import { packageRoot } from "../package-root.ts";
import { ensureBase, imageId } from "./base-image.ts";
import { buildImage } from "./build-image.ts";
import { readContext, type ImageContext } from "./image-context.ts";
import { installBehindProxy } from "./install-behind-proxy.ts";
import { quietProgress } from "../model/progress.fake.ts";

const signal = new AbortController().signal;
const progress = quietProgress;
const httpsBase = `dpg-bench-test-${process.pid}/base:https`;
const caBundle = process.env.SSL_CERT_FILE ?? "/etc/ssl/certs/ca-certificates.crt";
let engine: Dockerode;
let folder: string;
let plainBase: string;
let context: ImageContext;

// A base whose package sources are https, as a company's mirror is; the machine's own bundle stands for the company's.
beforeAll(async () => {
  engine = await connectEngine();
  folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-proxy-"));
  plainBase = (await ensureBase(engine, { base: undefined, progress, signal })).id;
  await write(
    "https/Dockerfile",
    "ARG BASE\nFROM ${BASE}\nRUN find /etc/apt -name sources.list -o -name debian.sources | xargs sed -i s,http:,https:,\n",
  );
  await write("image/Dockerfile", "ARG BASE\nFROM ${BASE}\nRUN dpg-install-packages \\\n  tini\n");
  context = await readContext({
    "": path.join(folder, "image"),
    // The real installer, where the node image's context has it.
    ".": path.join(packageRoot(), "docker/node"),
  });
  context = {
    files: context.files.filter(
      (file) =>
        file.name === "install-packages" ||
        (file.name === "Dockerfile" && "source" in file && file.source.startsWith(folder)),
    ),
  };
  await buildImage(engine, {
    tag: httpsBase,
    context: await readContext({ "": path.join(folder, "https") }),
    buildArguments: { BASE: plainBase },
    labels: {},
    onLine: () => undefined,
    signal,
  });
});

afterAll(async () => {
  if ((await imageId(engine, httpsBase)) !== null) await engine.getImage(httpsBase).remove({ force: true });
  await rm(folder, { recursive: true });
});

describe("installBehindProxy", () => {
  it("installs the Dockerfile's packages over https with the bundle, which is in no layer", async () => {
    const from = (await imageId(engine, httpsBase)) ?? "";
    const prepared = await installBehindProxy(engine, { from, context, caBundle, signal });
    try {
      expect(prepared).not.toBe(from);
      const output = await run(prepared, "command -v tini; wc -c < /run/dpg-bench-ca.crt");
      expect(output).toMatch(/^\/usr\/bin\/tini\s+0\s*$/);
    } finally {
      await engine.getImage(prepared).remove({ force: true });
    }
  });

  it("does nothing where the package sources need no certificates", async () => {
    expect(await installBehindProxy(engine, { from: plainBase, context, caBundle, signal })).toBe(plainBase);
  });
});

async function run(image: string, script: string): Promise<string> {
  const container = await engine.createContainer({
    Image: image,
    Entrypoint: ["sh", "-c", script],
    Cmd: [],
    Tty: true,
  });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true, stderr: true })).toString("utf8");
  } finally {
    await container.remove({ force: true });
  }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), text);
}
