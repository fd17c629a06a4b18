import { parseDocument } from "yaml";

import { addSource } from "../../../commands/sources/declare.ts";

test("a source is added to those that are there, its rules beside, and comments stay", () => {
  const document = parseDocument("config:\n  # ours\n  marketing-stack:portBase: 30100\n");
  addSource(document, ["website"], "app", { dialects: ["posthog"], eventsPerSecond: 50 });
  addSource(document, ["website", "app"], "shop", {});
  expect(document.toString()).toBe(
    "config:\n  # ours\n  marketing-stack:portBase: 30100\n" +
      "  marketing-stack:sources: [ website, app, shop ]\n" +
      "  marketing-stack:sourceRules:\n    app: { dialects: [ posthog ], eventsPerSecond: 50 }\n",
  );
});

test("fails with all that is wrong at once", () => {
  const document = parseDocument("config: {}\n");
  expect(() =>
    addSource(document, ["Web Site"], "Web Site", { origins: ["shop"], eventsPerSecond: NaN }),
  ).toThrow(
    /origins must.*\n.*eventsPerSecond must.*\n.*\[a-z0-9-\], got "Web Site"\n.*must be new/,
  );
  expect(document.toString()).toBe("config: {}\n");
});
