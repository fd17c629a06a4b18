import type { NotedErasure } from "./noted.ts";

/**
 * A statement that erases people from the events in BigQuery, which can be run at any time and any number of times: what came of
 * them after their erasure stays.
 *
 * The table demands a filter on `receivedAt`. BigQuery refuses to delete what it got within the last half hour.
 *
 * @param erasures of one database, at least one.
 */
export function bigQueryErasureSql(project: string, erasures: readonly NotedErasure[]): string {
  const people = erasures.flatMap(({ erasedAt, people }) =>
    people.map((digest) => `('${digest}', TIMESTAMP '${erasedAt}')`),
  );
  const digestOf = (kind: string, column: string): string =>
    `TO_HEX(SHA256(CONCAT(FROM_HEX('${erasures[0]!.salt}'), CAST(CONCAT('${kind}:', ${column}) AS BYTES))))`;
  const last = erasures
    .map(({ erasedAt }) => erasedAt)
    .sort((a, b) => +new Date(b) - +new Date(a))[0]!;
  return `DELETE FROM \`${project}.events.event\`
WHERE receivedAt <= TIMESTAMP '${last}'
  AND EXISTS (
    SELECT 1 FROM UNNEST(ARRAY<STRUCT<digest STRING, erasedAt TIMESTAMP>>[
      ${people.join(",\n      ")}
    ]) AS erased
    WHERE receivedAt <= erased.erasedAt
      AND (erased.digest = ${digestOf("user", "userId")}
        OR erased.digest = ${digestOf("anonymous", "anonymousId")})
  );
`;
}
