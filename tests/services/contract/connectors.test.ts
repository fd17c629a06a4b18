import { connectorProblems } from "../../../services/contract/connectors.ts";

const whole = {
  partner: {
    kind: "webhook",
    url: "https://partner.example/hook",
    signingSecret: `whsec_${Buffer.alloc(24, 1).toString("base64")}`,
  },
  "team-chat": { kind: "slack", token: "xoxb-1234567890-abc", channel: "C0123456789" },
  sales: { kind: "teams", url: "https://x.logic.azure.com/workflows/1?sig=y" },
  crm: { kind: "hubspot", token: "pat-eu1-12345678", scoreProperty: "health_score" },
  health: {
    kind: "salesforce",
    url: "https://acme.my.salesforce.com",
    clientId: "3MVG9abc",
    clientSecret: "0123456789",
    object: "Customer_Health__c",
    externalId: "Person__c",
    scoreField: "Score__c",
  },
};

test("nothing is wrong with one of each kind, nor with none", () => {
  expect(connectorProblems(whole)).toEqual([]);
  expect(connectorProblems({})).toEqual([]);
});

test("says all that is wrong at once, and no value that may be a secret", () => {
  const secret = "hunter2-hunter2";
  const problems = connectorProblems({
    "Team Chat": whole["team-chat"],
    chat: { ...whole["team-chat"], token: secret, channel: undefined },
    fax: { kind: "fax", number: secret },
    partner: { ...whole.partner, url: secret, retries: 3 },
    nothing: null,
  });
  expect(problems).toEqual([
    'connectors.Team Chat must have a name of 1-63 characters of [a-z0-9-], got "Team Chat"; campaigns call it by that name',
    "connectors.chat.token must be a bot's token, xoxb-…, got a value of 15 characters that is not shown; set it with pulumi config set --path --secret",
    "connectors.chat.channel must be a channel's id such as C0123456789, got nothing; set it with pulumi config set --path --secret",
    'connectors.fax.kind must be one of webhook, slack, teams, hubspot, salesforce, got "fax"; set it',
    "connectors.partner.retries must be one of url, signingSecret where kind is webhook, got a field of another name; take it out",
    "connectors.partner.url must be an http(s) URL, got a value of 15 characters that is not shown; set it with pulumi config set --path --secret",
    "connectors.nothing must be an object with a kind, got a value of type null that is not shown; see Pulumi.yaml",
  ]);
});

test.each(["not json: xoxb-secret", ["a"], null, 3])("fails on %j, which is no object", (value) => {
  const [problem] = connectorProblems(value);
  expect(problem).toMatch(/^connectors must be an object of settings by name, got /);
  expect(problem).not.toContain("xoxb-secret");
});
