/** Whether it is an http(s) URL without `/` at its end, which paths can be appended to and which may stand in HTML. */
export function isBaseUrl(text: string): boolean {
  return /^https?:\/\/[^\s<>"]*[^\s<>"/]$/.test(text) && URL.canParse(text);
}
