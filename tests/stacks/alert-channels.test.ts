import * as pulumi from "@pulumi/pulumi";
import { readAlertChannels } from "../../stacks/alert-channels.ts";

const pager = { kind: "pagerduty", serviceKey: "0123456789abcdef" };
const chat = { kind: "slack", channel: "#marketing", token: "xoxb-hidden-token" };

test("reads each way, and everything that is to be hidden is a secret", async () => {
  const { channels, problems } = readAlertChannels({ pager, chat }, true);
  expect(problems).toEqual([]);
  expect(channels).toEqual({
    pager: { kind: "pagerduty", serviceKey: expect.anything() },
    chat: { kind: "slack", channel: "#marketing", token: expect.anything() },
  });
  for (const hidden of [
    (channels.pager as { serviceKey?: pulumi.Output<string> }).serviceKey,
    (channels.chat as { token?: pulumi.Output<string> }).token,
  ]) {
    expect(await pulumi.isSecret(hidden!)).toBe(true);
  }
});

test("there may be none", () => {
  expect(readAlertChannels({}, false)).toEqual({ channels: {}, problems: [] });
});

test.each([
  [[], "must hold ways by name, got object"],
  [{ fax: pager }, ".fax must be one of pager, chat"],
  [{ pager: { kind: "fax" } }, '.pager.kind must be pagerduty, slack, webhook, got "fax"'],
  [
    { pager: { kind: "pagerduty" } },
    ".pager.serviceKey must be an integration key of 8-512 characters without white space, got nothing",
  ],
  [
    { chat: { ...chat, token: "hid den" } },
    ".chat.token must be a token of 8-512 characters without white space, got something else",
  ],
  [
    { chat: { kind: "webhook", url: "ftp://hidden" } },
    ".chat.url must be an http(s) URL, got something else",
  ],
  [
    { pager: { ...pager, tokn: "hidden" } },
    ".pager.tokn must be one of the fields kind, serviceKey",
  ],
])("fails on %j, and repeats no value that may be a secret", (given, problem) => {
  const { channels, problems } = readAlertChannels(given, true);
  expect(problems).toEqual([
    `marketing-stack:alertChannels${problem.startsWith(".") ? "" : " "}${problem}`,
  ]);
  expect(channels).toEqual({});
});

test("takes what stands for secrets where a preview cannot decrypt them", () => {
  const standIn = "https://secret.invalid/";
  const given = {
    pager: { kind: "pagerduty", serviceKey: standIn },
    chat: { kind: "slack", channel: "#marketing", token: standIn },
  };
  expect(readAlertChannels(given, true).problems).toEqual([]);
  expect(readAlertChannels({ pager: { kind: "webhook", url: standIn } }, true).problems).toEqual(
    [],
  );
});

test("fails on plain text", () => {
  expect(readAlertChannels({ pager }, false).problems).toEqual([
    "marketing-stack:alertChannels must hold secrets, got plain text; set each field with pulumi config set --path --secret",
  ]);
});
