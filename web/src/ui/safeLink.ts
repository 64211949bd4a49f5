/** An address from outside, fit to be followed: http or https only, spelled as the browser would open it. */

const FOLLOWED = new Set(['http:', 'https:'])

export function safeLink(address: string | null): string | undefined {
  if (address === null || !URL.canParse(address)) return undefined
  const url = new URL(address)
  return FOLLOWED.has(url.protocol) && url.username === '' ? url.href : undefined
}
