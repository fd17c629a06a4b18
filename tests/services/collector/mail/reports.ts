/** Lines as they come over SMTP. */
const wire = (...lines: string[]): string => lines.join("\r\n");

const letter = (message: string): string[] => [
  "From: luis@olivarluz.example",
  "To: ana@example.com",
  "Subject: Welcome",
  `Message-ID: <${message}@olivarluz.example>`,
];

/** A report as Postfix writes it. */
export function nonDelivery({
  message,
  action = "failed",
  status = "5.1.1",
  returned = "message/rfc822",
}: {
  readonly message: string;
  readonly action?: string;
  readonly status?: string;
  readonly returned?: "message/rfc822" | "text/rfc822-headers" | "nothing";
}): string {
  return wire(
    "Return-Path: <>",
    "From: MAILER-DAEMON@mail.example (Mail Delivery System)",
    "To: luis@olivarluz.example",
    "Subject: Undelivered Mail Returned to Sender",
    "MIME-Version: 1.0",
    "Content-Type: multipart/report; report-type=delivery-status;",
    '\tboundary="B/mail.example"',
    "",
    "This is a MIME-encapsulated message.",
    "",
    "--B/mail.example",
    "Content-Description: Notification",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    "<ana@example.com>: host mx.example.com said: 550 5.1.1 user unknown",
    "",
    "--B/mail.example",
    "Content-Description: Delivery report",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mail.example",
    ...(returned === "nothing" ? [`Original-Envelope-Id: ${message}`] : []),
    "X-Postfix-Queue-ID: 4F7",
    "",
    "Final-Recipient: rfc822; ana@example.com",
    "Original-Recipient: rfc822;ana@example.com",
    `Action: ${action}`,
    `Status: ${status}`,
    "Remote-MTA: dns; mx.example.com",
    "Diagnostic-Code: smtp; 550 5.1.1 user",
    "    unknown",
    "",
    ...(returned === "nothing"
      ? []
      : [
          "--B/mail.example",
          "Content-Description: Undelivered Message",
          `Content-Type: ${returned}`,
          "",
          ...letter(message),
          ...(returned === "message/rfc822" ? ["", "Good day, Ana"] : []),
          "",
        ]),
    "--B/mail.example--",
    "",
  );
}

/** A report as providers of mailboxes write it. */
export function complaint({
  message,
  type = "abuse",
}: {
  readonly message: string;
  readonly type?: string;
}): string {
  return wire(
    "From: <abusedesk@mailbox.example>",
    "To: <abuse@olivarluz.example>",
    "Subject: FW: Welcome",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part1"',
    "",
    "--part1",
    'Content-Type: text/plain; charset="US-ASCII"',
    "Content-Transfer-Encoding: 7bit",
    "",
    "This is an email abuse report for an email message received from IP 192.0.2.1.",
    "",
    "--part1",
    "Content-Type: message/feedback-report",
    "",
    `Feedback-Type: ${type}`,
    "User-Agent: SomeGenerator/1.0",
    "Version: 1",
    "Original-Rcpt-To: <ana@example.com>",
    "",
    "--part1",
    "Content-Type: message/rfc822",
    "Content-Disposition: inline",
    "",
    ...letter(message),
    "",
    "Good day, Ana",
    "--part1--",
    "",
  );
}
