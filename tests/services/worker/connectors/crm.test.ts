import { hubspotChannel } from "../../../../services/worker/connectors/hubspot.ts";
import { salesforceChannel } from "../../../../services/worker/connectors/salesforce.ts";
import { anEffect } from "./an-effect.ts";
import { startRemote, type Remote, type Reply, type Taken } from "./remote.ts";

let remote: Remote;
beforeEach(async () => {
  remote = await startRemote();
});
afterEach(() => remote.stop());

/** Ana was seen a moment ago, and on one day of ten: 50 + 5. */
const SCORE = 55;

describe("HubSpot", () => {
  const channel = () =>
    hubspotChannel({
      kind: "hubspot",
      token: "pat-eu1-secret",
      scoreProperty: "health_score",
      url: remote.url,
    });
  const contact = { id: "51", properties: { email: "ana@example.com" }, new: false };

  test("sets the score of the contact with the person's e-mail address", async () => {
    remote.answer = () => ({ status: 200, body: { status: "COMPLETE", results: [contact] } });
    expect(await channel().send(anEffect())).toEqual({ kind: "sent" });
    const [{ method, path, headers, body }] = remote.taken as [Taken];
    expect([method, path, headers.authorization]).toEqual([
      "POST",
      "/crm/v3/objects/contacts/batch/upsert",
      "Bearer pat-eu1-secret",
    ]);
    expect(JSON.parse(body)).toEqual({
      inputs: [
        {
          idProperty: "email",
          id: "ana@example.com",
          properties: { health_score: String(SCORE) },
        },
      ],
    });
  });

  test.each<[Reply, object]>([
    [
      {
        status: 429,
        headers: { "retry-after": "10" },
        body: { status: "error", errorType: "RATE_LIMIT", policyName: "TEN_SECONDLY_ROLLING" },
      },
      { kind: "later", reason: "HubSpot answered 429", retryAfterSeconds: 10 },
    ],
    [
      {
        status: 207,
        body: {
          status: "COMPLETE",
          results: [],
          numErrors: 1,
          errors: [{ status: "error", category: "VALIDATION_ERROR", message: "ana@example.com" }],
        },
      },
      { kind: "refused", reason: "HubSpot answered 200 and VALIDATION_ERROR" },
    ],
    [
      { status: 200, body: { status: "COMPLETE", errors: [{ category: "RATE_LIMITS" }] } },
      { kind: "later" },
    ],
    [{ status: 200, body: { status: "PROCESSING", results: [] } }, { kind: "unknown" }],
    [{ status: 200, body: "<html>maintenance" }, { kind: "unknown" }],
    [
      { status: 401, body: { status: "error", category: "INVALID_AUTHENTICATION" } },
      { kind: "refused" },
    ],
    [{ status: 502 }, { kind: "unknown" }],
    ["hang up", { kind: "unknown" }],
  ])("an answer of %j is %j", async (reply, outcome) => {
    remote.answer = () => reply;
    const sent = await channel().send(anEffect());
    expect(sent).toMatchObject(outcome);
    expect(JSON.stringify(sent)).not.toMatch(/pat-eu1|ana@/);
  });

  test("there is nothing to set for a person without an e-mail address", async () => {
    const { person } = anEffect();
    const sent = await channel().send(anEffect({ person: { ...person, traits: {} } }));
    expect(sent).toEqual({ kind: "refused", reason: "the person has no e-mail address" });
    expect(remote.taken).toEqual([]);
  });
});

describe("Salesforce", () => {
  const channel = () =>
    salesforceChannel({
      kind: "salesforce",
      url: remote.url,
      clientId: "the-client",
      clientSecret: "the-client-secret",
      object: "Customer_Health__c",
      externalId: "Person__c",
      scoreField: "Score__c",
    });
  const created = { id: "a00190000001pPvHAAU", success: true, errors: [], created: true };
  /** Lets everybody in, as `token-<n>`, and answers the rest with `reply`. */
  const after = (reply: (request: Taken) => Reply) => (request: Taken) => {
    if (!request.path.startsWith("/services/oauth2")) return reply(request);
    const logins = remote.taken.filter(({ path }) => path === request.path).length;
    return { status: 200, body: { access_token: `token-${logins}`, token_type: "Bearer" } };
  };

  test("logs in once and upserts by the external id", async () => {
    remote.answer = after(() => ({ status: 201, body: created }));
    const one = channel();
    expect(await one.send(anEffect())).toEqual({ kind: "sent" });
    expect(await one.send(anEffect())).toEqual({ kind: "sent" });
    const [login, first, second] = remote.taken as [Taken, Taken, Taken];
    expect(Object.fromEntries(new URLSearchParams(login.body))).toEqual({
      grant_type: "client_credentials",
      client_id: "the-client",
      client_secret: "the-client-secret",
    });
    expect([first.method, first.path, first.headers.authorization, first.body]).toEqual([
      "PATCH",
      "/services/data/v62.0/sobjects/Customer_Health__c/Person__c/user%3Aana",
      "Bearer token-1",
      `{"Score__c":${SCORE}}`,
    ]);
    expect(second.body).toBe(first.body);
    expect(remote.taken).toHaveLength(3);
  });

  test("logs in again when the session has ended", async () => {
    remote.answer = after(({ headers }) =>
      headers.authorization === "Bearer token-1" && remote.taken.length > 2
        ? { status: 401, body: [{ errorCode: "INVALID_SESSION_ID", message: "expired" }] }
        : { status: 204 },
    );
    const one = channel();
    expect(await one.send(anEffect())).toEqual({ kind: "sent" });
    expect(await one.send(anEffect())).toEqual({ kind: "sent" });
    expect((remote.taken.at(-1) as Taken).headers.authorization).toBe("Bearer token-2");
  });

  test.each<[Reply, object]>([
    [{ status: 200, body: { ...created, created: false } }, { kind: "sent" }],
    [
      { status: 403, body: [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "TotalRequests" }] },
      { kind: "later", reason: "Salesforce answered 403 and REQUEST_LIMIT_EXCEEDED" },
    ],
    [
      { status: 300, body: ["/a", "/b"] },
      { kind: "refused", reason: "Salesforce answered 300" },
    ],
    [
      { status: 400, body: [{ errorCode: "REQUIRED_FIELD_MISSING", fields: ["Name"] }] },
      { kind: "refused", reason: "Salesforce answered 400 and REQUIRED_FIELD_MISSING" },
    ],
    [
      { status: 200, body: { success: false, errors: [{ statusCode: "ENTITY_IS_DELETED" }] } },
      { kind: "refused", reason: "Salesforce answered 200 and ENTITY_IS_DELETED" },
    ],
    [{ status: 200, body: "<html>maintenance" }, { kind: "unknown" }],
    [{ status: 500 }, { kind: "unknown" }],
    ["hang up", { kind: "unknown" }],
  ])("an answer of %j is %j", async (reply, outcome) => {
    remote.answer = after(() => reply);
    const sent = await channel().send(anEffect());
    expect(sent).toMatchObject(outcome);
    expect(JSON.stringify(sent)).not.toMatch(/client-secret|token-1|user:ana/);
  });

  test.each<[Reply, string]>([
    [{ status: 400, body: { error: "invalid_client" } }, "refused"],
    [{ status: 200, body: { error: "invalid_client" } }, "refused"],
    // Nothing of the message has left yet.
    ["hang up", "later"],
    [{ status: 503 }, "later"],
  ])("a login that answers %j is %s", async (reply, kind) => {
    remote.answer = () => reply;
    expect(await channel().send(anEffect())).toMatchObject({ kind });
    expect(remote.taken).toHaveLength(1);
  });
});
