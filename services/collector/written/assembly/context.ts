import { bodyEnd } from "./body";
import {
  CLOSE_OBJECT,
  COMMA,
  hasEscape,
  NOT_READ,
  OPEN_OBJECT,
  plain,
  setPlain,
  skipColon,
  skipKey,
  skipSpace,
  skipValue,
} from "./json";
import { setSpan } from "./span";
import { isSame, word } from "./word";

/** Bytes up to which a context is remembered. */
const MAX_REMEMBERED: usize = 8192;
const remembered = memory.data(8192 + 16, 16);
let rememberedLength = 0;

const CONSENT = word("consent");
const CAMPAIGN = word("campaign");
const NAME = word("name");

/** Of the context read last, counted from its beginning: start and end of its consent, of its campaign, and of the name of that. */
let consentStart = -1;
let consentEnd = -1;
let campaignStart = -1;
let campaignEnd = -1;
let nameStart = -1;
let nameEnd = -1;

/** Counts what was read up each time that it was another text than before. */
export let contextNumber = 0;

/** Reads the context of an event, which is mostly that of the one before, byte for byte: that is not read again. */
export function readContext(at: usize): usize {
  const isRepeated =
    rememberedLength > 0 &&
    at + rememberedLength <= bodyEnd &&
    isSame(remembered, at, rememberedLength);
  if (isRepeated) return at + rememberedLength;

  contextNumber++;
  rememberedLength = 0;
  consentStart = campaignStart = nameStart = -1;
  if (load<u8>(at) != OPEN_OBJECT) return skipValue(at);
  const wasPlain = plain;
  setPlain(true);
  const end = readMembers(at, at, false);
  if (end != NOT_READ && plain && end - at <= MAX_REMEMBERED) {
    rememberedLength = <i32>(end - at);
    memory.copy(remembered, at, rememberedLength);
  }
  setPlain(plain && wasPlain);
  return end;
}

/** Says where the consent of the context at an offset is, which was read last. */
export function consentSpan(to: usize, context: i32): void {
  setShifted(to, consentStart, consentEnd, context);
}

/** The same of its campaign. */
export function campaignSpan(to: usize, context: i32): void {
  setShifted(to, campaignStart, campaignEnd, context);
}

/** The same of the name of its campaign. */
export function campaignNameSpan(to: usize, context: i32): void {
  setShifted(to, nameStart, nameEnd, context);
}

function setShifted(to: usize, start: i32, end: i32, by: i32): void {
  if (by < 0 || start < 0) setSpan(to, -1, -1);
  else setSpan(to, by + start, by + end);
}

/** Reads the object at `at`: the context at `context` itself, or its campaign. */
function readMembers(at: usize, context: usize, isCampaign: bool): usize {
  at = skipSpace(at + 1);
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    const key = at + 1;
    at = skipKey(at);
    if (at == NOT_READ) return NOT_READ;
    const length = <i32>(at - 1 - key);
    const isName = isCampaign && length == 4 && isSame(NAME, key, length);
    const isConsent = !isCampaign && length == 7 && isSame(CONSENT, key, length);
    const opensCampaign = !isCampaign && length == 8 && isSame(CAMPAIGN, key, length);
    if (!isName && !isConsent && !opensCampaign && hasEscape(key, at)) setPlain(false);

    const start = skipColon(at);
    if (start == NOT_READ) return NOT_READ;
    if (opensCampaign) {
      nameStart = -1;
      at = load<u8>(start) == OPEN_OBJECT ? readMembers(start, context, true) : skipValue(start);
    } else at = skipValue(start);
    if (at == NOT_READ) return NOT_READ;
    if (isName) {
      nameStart = <i32>(start - context);
      nameEnd = <i32>(at - context);
    } else if (isConsent) {
      consentStart = <i32>(start - context);
      consentEnd = <i32>(at - context);
    } else if (opensCampaign) {
      campaignStart = <i32>(start - context);
      campaignEnd = <i32>(at - context);
    }

    at = skipSpace(at);
    const next = load<u8>(at);
    if (next == CLOSE_OBJECT) return at + 1;
    if (next != COMMA) return NOT_READ;
    at = skipSpace(at + 1);
  }
}
