import { reviewConfig } from "../../../commands/review/config.ts";

const original = {
  config: {
    "marketing-stack:portBase": "30100",
    "marketing-stack:protectData": true,
    "marketing-stack:sources": ["website", "shop"],
    "marketing-stack:chatWebhookUrl": { secure: "v1:abc" },
    "marketing-stack:nested": { deep: [{ secure: "v1:def" }] },
    "marketing-stack:generations": { "cms-admin": [2] },
  },
  encryptionsalt: "v1:of-dev",
};

test("a copy has its own ports and generations, unprotected data, and none of the original's secrets", () => {
  expect(reviewConfig(original, {}, 31010)).toEqual({
    config: {
      "marketing-stack:portBase": 31010,
      "marketing-stack:protectData": false,
      "marketing-stack:sources": ["website", "shop"],
    },
  });
});

test("a copy keeps its own salt and generations, and follows the original in everything else", () => {
  const own = {
    config: {
      "marketing-stack:portBase": 1,
      "marketing-stack:adminEmail": "former@example.com",
      "marketing-stack:generations": { "cms-admin": [1] },
    },
    encryptionsalt: "v1:of-copy",
  };
  expect(reviewConfig(original, own, 31010)).toEqual({
    config: {
      "marketing-stack:portBase": 31010,
      "marketing-stack:protectData": false,
      "marketing-stack:sources": ["website", "shop"],
      "marketing-stack:generations": { "cms-admin": [1] },
    },
    encryptionsalt: "v1:of-copy",
  });
});

test("an original without configuration has copies all the same", () => {
  expect(reviewConfig({}, {}, 31000)).toEqual({
    config: { "marketing-stack:portBase": 31000, "marketing-stack:protectData": false },
  });
});
