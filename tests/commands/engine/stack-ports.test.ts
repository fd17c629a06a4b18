import { createServer } from "node:net";
import { checkStackPorts } from "../../../commands/engine/stack-ports.ts";

test("free ports are accepted", async () => {
  await expect(checkStackPorts("dev", 31990)).resolves.toBeUndefined();
});

test("fails on a busy port, naming it, what it is for and the key to change", async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(31996, "127.0.0.1", resolve));
  try {
    await expect(checkStackPorts("dev", 31994)).rejects.toThrow(
      "port 31996 (worker) must be free, found a process that listens on it; end that process or set marketing-stack:portBase in Pulumi.dev.yaml to a free range",
    );
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
});
