import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { createApp } from "../../../local/receiver/app.ts";
import { Inbox } from "../../../local/receiver/notification.ts";
import { createSmtp } from "../../../local/receiver/smtp.ts";

let inbox: Inbox;

beforeEach(() => {
  inbox = new Inbox();
});

async function post(path: string, body: object | string, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return createApp(inbox).request(path, { method: "POST", body: text, headers });
}

async function listed(query = ""): Promise<object[]> {
  const answer = await createApp(inbox).request(`/notifications${query}`);
  return ((await answer.json()) as { notifications: object[] }).notifications;
}

const common = { receivedAt: expect.any(String), project: "p", alert: "Broken" };

test("a webhook's alerts are notifications; the query of its URL is not kept", async () => {
  const labels = { alertname: "Broken", project: "p", job: "cms" };
  const alert = { labels, annotations: { summary: "It broke." } };
  await post("/webhook/ops?auth_token=secret", {
    alerts: [
      { ...alert, status: "firing" },
      { ...alert, status: "resolved" },
    ],
  });
  const notification = { ...common, via: "webhook", to: "/webhook/ops", labels, text: "It broke." };
  expect(await listed()).toEqual([
    { ...notification, status: "firing" },
    { ...notification, status: "resolved" },
  ]);
});

test("Slack's and PagerDuty's calls are answered as they do", async () => {
  const slack = await post(
    "/slack/api/chat.postMessage",
    { channel: "#ops", attachments: [{ title: "[FIRING] p Broken", text: "It broke." }] },
    { authorization: "Bearer xoxb" },
  );
  expect([slack.status, await slack.json()]).toEqual([200, { ok: true }]);
  const pagerduty = await post("/pagerduty/v2/enqueue", {
    routing_key: "k",
    dedup_key: "d",
    event_action: "resolve",
    payload: { summary: "[RESOLVED] p Broken", custom_details: { summary: "It works." } },
  });
  expect([pagerduty.status, await pagerduty.json()]).toEqual([
    202,
    { status: "success", dedup_key: "d" },
  ]);
  const notification = { ...common, labels: {} };
  expect(await listed()).toEqual([
    { ...notification, via: "slack", to: "#ops", status: "firing", text: "It broke." },
    { ...notification, via: "pagerduty", to: "", status: "resolved", text: "It works." },
  ]);
});

test("mail is a notification for each of its recipients", async () => {
  const smtp = createSmtp(inbox);
  smtp.listen(0, "127.0.0.1");
  await once(smtp.server, "listening");
  const socket = connect((smtp.server.address() as AddressInfo).port, "127.0.0.1");
  const lines = [
    "EHLO test",
    "MAIL FROM:<a@example.com>",
    "RCPT TO:<b@example.com>",
    "RCPT TO:<c@example.com>",
    "DATA",
    "From: a@example.com\r\nSubject: =?utf-8?q?[FIRING]_p_Broken?=\r\n\r\nIt broke.\r\n.",
    "QUIT",
  ];
  socket.on("data", (reply) => {
    if (/^\d{3} /m.test(String(reply)) && lines.length > 0) socket.write(`${lines.shift()}\r\n`);
  });
  await once(socket, "close");
  const notification = { ...common, via: "email", status: "firing", labels: {}, text: "It broke." };
  expect(await listed()).toEqual([
    { ...notification, to: "b@example.com" },
    { ...notification, to: "c@example.com" },
  ]);
  await new Promise<void>((closed) => smtp.close(() => closed()));
});

test("a list is of one project, one alert, and since a moment", async () => {
  const alert = (project: string, alertname: string) => ({ labels: { project, alertname } });
  await post("/webhook/a", { alerts: [alert("p", "A"), alert("p", "B"), alert("q", "A")] });
  expect(await listed("?project=p&alert=A")).toHaveLength(1);
  expect(await listed("?project=p")).toHaveLength(2);
  expect(await listed("?since=2100-01-01T00:00:00Z")).toEqual([]);
});

test.each([
  ["/webhook/a", "{", {}, 400],
  ["/slack/api/chat.postMessage", {}, {}, 200],
  ["/pagerduty/v2/enqueue", {}, {}, 400],
])("fails on %s without what it needs, and keeps nothing", async (path, body, headers, status) => {
  expect((await post(path, body, headers)).status).toBe(status);
  expect(await listed()).toEqual([]);
});
