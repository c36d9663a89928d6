import { expect, it } from "vitest";
import { packagesOf } from "./install-behind-proxy.ts";

it("the packages of a Dockerfile are its installer's arguments, and the words of the lists that it names", async () => {
  const dockerfile =
    "FROM base\nRUN dpg-install-packages @/usr/local/share/packages \\\n      tini procps\nCMD []\n";
  const files = [
    { name: "Dockerfile", executable: false, content: dockerfile },
    { name: "packages", executable: false, content: "etcd-server\npatroni\n" },
  ];
  expect(await packagesOf({ files })).toEqual(["etcd-server", "patroni", "tini", "procps"]);
});
