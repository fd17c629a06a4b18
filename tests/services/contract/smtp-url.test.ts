import { smtpServer } from "../../../services/contract/smtp-url.ts";

test.each([
  [
    "smtps://me:p%40ss%2F@mail.example",
    {
      host: "mail.example",
      port: 465,
      tls: "implicit",
      login: { user: "me", password: "p@ss/" },
    },
  ],
  [
    "smtp://me%40a.b:x@mail.example:2525/",
    {
      host: "mail.example",
      port: 2525,
      tls: "starttls",
      login: { user: "me@a.b", password: "x" },
    },
  ],
  ["smtp+plain://[::1]:1025", { host: "::1", port: 1025, tls: "none" }],
])("%s is a server", (url, server) => {
  expect(smtpServer(url)).toEqual(server);
});

test.each([
  "",
  "mail.example",
  "https://mail.example",
  "smtp://",
  "smtp://me@mail.example",
  "smtp://me:%zz@mail.example",
  "smtp+plain://me:x@mail.example",
  "smtps://mail.example/path",
  "smtps://mail.example?pool=true",
  `smtps://${"a".repeat(3000)}`,
])("%s is none", (url) => {
  expect(smtpServer(url)).toBeUndefined();
});
