import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type Dockerode from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packageRoot } from "../package-root.ts";
import { buildExtension, extensionContext, type ExtensionRequest } from "./extension-build.ts";
import { hashContext } from "./image-context.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(path.join(tmpdir(), "dpg-extension-"));
});
afterEach(async () => {
  await rm(cache, { recursive: true, force: true });
});

function request(changes: Partial<ExtensionRequest> = {}): ExtensionRequest {
  const { signal } = new AbortController();
  return {
    extension: "ruvector",
    root: packageRoot(),
    node: "sha256:1",
    caBundle: undefined,
    cache,
    signal,
    ...changes,
  };
}

test("the image is made of its Dockerfile and of what was built, and is known before that is there", async () => {
  const { files } = await extensionContext(request());
  expect(files.map(({ name }) => name)).toEqual(["Dockerfile", "built.tar"]);
  const tagged = async (node: string) => await hashContext(await extensionContext(request({ node })), []);
  expect(await tagged("sha256:1")).toBe(await tagged("sha256:1"));
  expect(await tagged("sha256:2")).not.toBe(await tagged("sha256:1"));
});

test("what was built for the same node image is not built again", async () => {
  const engine = {
    createContainer: () => {
      throw new Error("a container was made");
    },
  } as unknown as Dockerode;
  const begun: string[] = [];
  const build = async () => {
    await buildExtension(engine, request(), () => void begun.push("begun"));
  };
  await expect(build()).rejects.toThrow("a container was made");
  expect(begun).toEqual(["begun"]);

  const { files } = await extensionContext(request());
  const built = files.find(({ name }) => name === "built.tar")!;
  await writeFile("source" in built ? built.source : "", "");
  await build();
  expect(begun).toEqual(["begun"]);
});
