-- Of what was known of a variant the last of each UTC day is kept, as a plot over days shows it. Run by a superuser in the marketing
-- database, after 0009-experiments.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

-- Before, there was one for each minute.
DELETE FROM campaigns.look AS earlier
WHERE EXISTS (
  SELECT FROM campaigns.look AS later
  WHERE later.campaign = earlier.campaign AND later.variant = earlier.variant AND later.at > earlier.at
    AND later.at < date_trunc('day', earlier.at, 'UTC') + interval '1 day'
) AND at <> date_trunc('day', at, 'UTC');

COMMIT;
