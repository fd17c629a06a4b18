import { reviewConfig } from "../../../commands/review/config.ts";

const original = `config:
  marketing-stack:portBase: "30100"
  marketing-stack:protectData: true
  marketing-stack:sources:
    - website
    - shop
  marketing-stack:chatWebhookUrl:
    secure: v1:abc
  marketing-stack:nested:
    deep:
      - secure: v1:def
encryptionsalt: v1:of-dev
`;

test("a copy has its own ports, unprotected data, and none of the original's secrets", () => {
  expect(reviewConfig(original, "", 31010)).toBe(`config:
  marketing-stack:portBase: 31010
  marketing-stack:protectData: false
  marketing-stack:sources:
    - website
    - shop
`);
});

test("a copy keeps its own salt and follows the original in everything else", () => {
  const own = "config:\n  marketing-stack:portBase: 1\nencryptionsalt: v1:of-copy\n";
  expect(reviewConfig("config: {}\n", own, 31010)).toBe(`config:
  marketing-stack:portBase: 31010
  marketing-stack:protectData: false
encryptionsalt: v1:of-copy
`);
});

test("an original without configuration has copies all the same", () => {
  expect(reviewConfig("", "", 31000)).toContain("marketing-stack:portBase: 31000");
});
