-- Takes anew what came back of mails where something of it was passed over: a backup that another server made had its progress,
-- in numbers of that server's transactions. Run by a superuser in the marketing database, after 0018-mail-feedback.sql; may run
-- again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

UPDATE campaigns.feedback_progress SET stored_by = 0
WHERE EXISTS (
  SELECT FROM events.event
  WHERE source = 'mail' AND event.stored_by < feedback_progress.stored_by
    AND id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:(bounced|complained|unsubscribed)$'
    AND NOT EXISTS (SELECT FROM campaigns.feedback WHERE feedback.message || ':' || feedback.kind = event.id)
);

COMMIT;
