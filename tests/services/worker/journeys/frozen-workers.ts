import { waitFor } from "../../../../local/wait.ts";
import { seeded } from "../../../faults/random.ts";
import type { Remote } from "../connectors/remote.ts";
import type { MailServer } from "../mail/mail-server.ts";
import type { WorkerDatabase } from "../worker-database.ts";
import type { CampaignStand } from "./journey-stand.ts";
import { PEOPLE } from "./killed-workers.ts";
import type { LetterStand } from "./letter-stand.ts";

/** What happens when and how often. */
interface Freezes {
  readonly freezes: number;
  readonly seed: number;
  /** Calls `freeze` in the middle of a message, once, at some point that `random` decides. */
  readonly inTheMiddle: (random: () => number, freeze: () => void) => void;
  /** How many messages the other side has. */
  readonly taken: () => number;
  /** Whether messages are taken over as soon as the queue notices, as if they had been left alone long enough. */
  readonly isHurried: boolean;
}

/**
 * Freezes one worker after the other with SIGSTOP in the middle of a message, until another one has taken over all that it had, and
 * lets it go on then.
 *
 * @returns messages that the other side got from those who went on.
 */
export async function freezeWorkers(
  { database, signUp, start }: CampaignStand,
  { freezes, seed, inTheMiddle, taken, isHurried }: Freezes,
): Promise<number> {
  const random = seeded(seed);
  let worker = await start();
  let late = 0;
  for (let nth = 0; nth < freezes; nth += 1) {
    let isFrozen = false;
    const { pid } = worker;
    inTheMiddle(random, () => {
      if (isFrozen) return;
      isFrozen = true;
      process.kill(pid, "SIGSTOP");
    });
    await signUp(Array.from({ length: PEOPLE }, (_, i) => `user-${nth * PEOPLE + i}`));
    await waitFor(`freeze ${nth} of seed ${seed}`, 60, async () => isFrozen || undefined);
    const another = await start();
    await waitFor(`everything taken over after freeze ${nth} of seed ${seed}`, 240, async () => {
      if (isHurried) await database.admin.query(LEFT_ALONE_LONG_ENOUGH);
      const { rows } = await database.admin.query<{ settled: number }>(
        "select count(settled_at)::int as settled from campaigns.message",
      );
      const missing = (nth + 1) * PEOPLE - rows[0]!.settled;
      if (missing > 0) throw new Error(`${missing} messages are not`);
      return true;
    });
    const before = taken();
    process.kill(pid, "SIGCONT");
    const code = await worker.end("SIGTERM");
    if (code !== 0)
      throw new Error(`the worker must end by itself, got ${code}: ${worker.output()}`);
    late += taken() - before;
    worker = another;
  }
  return late;
}

/** What became of letters among which workers were frozen. */
interface FrozenLetters {
  /** Letters that a worker handed in after it had gone on. */
  readonly late: number;
  /** Messages whose state does not tell how many letters the mail server has. */
  readonly wrong: readonly object[];
  /** Messages of which nobody can tell, so that they are not written again. */
  readonly unknown: number;
}

/** Freezes workers as {@link freezeWorkers} does, at points of handing letters over to the mail server. */
export async function freezeAmongLetters(
  stand: LetterStand,
  freezes: Omit<Freezes, "inTheMiddle" | "taken">,
): Promise<FrozenLetters> {
  const { mail, database } = stand;
  const taken = (): number => mail.taken.length;
  const inTheMiddle = atMailServer(mail);
  const late = await freezeWorkers(stand, { ...freezes, inTheMiddle, taken });
  const { rows } = await database.admin.query<{ person: string; state: string }>(
    "select person, state from campaigns.message",
  );
  const letters = stand.letters();
  const wrong = rows.filter(({ person, state }) => {
    const count = letters.get(`${person.slice("user:".length)}@example.com`) ?? 0;
    return state === "sent" ? count !== 1 : state !== "unknown" || count > 1;
  });
  return { late, wrong, unknown: rows.filter(({ state }) => state === "unknown").length };
}

/** Freezes before the partner answers to one of the messages. */
export function atPartner(partner: Remote): Freezes["inTheMiddle"] {
  return (random, freeze) => {
    let before = Math.floor(random() * PEOPLE);
    partner.answer = () => {
      if (before === 0) freeze();
      before -= 1;
      return { status: 200 };
    };
  };
}

/** Freezes while what became of a message is being written down, in the middle of that transaction. */
export function whileWriting({ admin }: WorkerDatabase): Freezes["inTheMiddle"] {
  return (_random, freeze) => {
    void (async () => {
      const client = await admin.connect();
      await client.query("begin; lock table campaigns.exposure in exclusive mode");
      await waitFor("a worker that writes", 60, async () => {
        const { rowCount } = await client.query(
          "select from pg_locks where relation = 'campaigns.exposure'::regclass and not granted",
        );
        return rowCount! > 0 || undefined;
      });
      freeze();
      await client.query("commit");
      client.release();
    })();
  };
}

/** Freezes in turn while the mail server has the recipient, as a message begins, and when it has the whole message. */
function atMailServer(mail: MailServer): Freezes["inTheMiddle"] {
  let turn = 0;
  return (random, freeze) => {
    const point = (["recipient", "begun", "verdict"] as const)[turn % 3]!;
    turn += 1;
    let before = Math.floor(random() * PEOPLE);
    const strike = (): void => {
      if (before === 0) freeze();
      before -= 1;
    };
    mail.recipient = () => {
      if (point === "recipient") strike();
      return undefined;
    };
    mail.begun = () => {
      if (point === "begun") strike();
    };
    mail.verdict = () => {
      if (point === "verdict") strike();
      return "take";
    };
  };
}

// Only what somebody else looked at and left alone.
const LEFT_ALONE_LONG_ENOUGH = `
  update campaigns.message set left_at = left_at - interval '10 minutes', due_at = clock_timestamp()
  where state = 'leaving' and due_at > clock_timestamp()`;
