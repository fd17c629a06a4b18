import { promotionRules } from "../../stacks/promotion-rules.ts";

const read = (config: Record<string, unknown>) => promotionRules((key) => config[key]);

test("without configuration a release comes from dev, at any time, with no approval", () => {
  expect(read({})).toEqual({
    rules: { previousEnvironment: "dev", freezeWindows: [], requiredApprovals: 0, approvals: {} },
    problems: [],
  });
});

test.each([
  [{ previousEnvironment: "Dev" }, 'previousEnvironment must be the name of a stack, got "Dev"'],
  [{ requiredApprovals: "two" }, 'must be a whole number from 0 to 20, got "two"'],
  [{ requiredApprovals: -1 }, "must be a whole number from 0 to 20, got -1"],
  [{ approvals: ["ada"] }, 'must be lists of names by the releases\' ids in quotes, got ["ada"]'],
  [{ approvals: { latest: ["ada"] } }, 'in quotes, got {"latest":["ada"]}'],
  [{ approvals: { "0123456789abcdef": "ada" } }, 'got {"0123456789abcdef":"ada"}'],
  [{ freezeWindows: {} }, "freezeWindows must be a list, got {}"],
])("fails on %j", (config, message) => {
  expect(read(config).problems).toEqual([expect.stringContaining(message)]);
});
